# TOS: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j TOS --set-tos 0x1f;-j TOS --set-tos 0x1f/0xff;OK
-j TOS --set-tos 0x1f/0x1f;=;OK
-j TOS --set-tos 16;-j TOS --set-tos 0x10/0xff;OK
-j TOS --set-tos 0x10/0xff;=;OK
-j TOS --set-tos 0x10/0x3f;=;OK
-j TOS --set-tos 0x10/0x0;-j TOS --set-tos 0x10/0x00;OK
-j TOS --set-tos Minimize-Delay;-j TOS --set-tos 0x10/0x3f;OK
-j TOS --set-tos minimize-delay;-j TOS --set-tos 0x10/0x3f;OK
-j TOS --set-tos Maximize-Throughput;-j TOS --set-tos 0x08/0x3f;OK
-j TOS --set-tos Maximize-Reliability;-j TOS --set-tos 0x04/0x3f;OK
-j TOS --set-tos Minimize-Cost;-j TOS --set-tos 0x02/0x3f;OK
-j TOS --set-tos Normal-Service;-j TOS --set-tos 0x00/0x3f;OK
-j TOS --set-tos 8/0x1e;-j TOS --set-tos 0x08/0x1e;OK
-j TOS --set-tos 0xff/0x0f;=;OK
-j TOS --and-tos 0x12;-j TOS --set-tos 0x00/0xed;OK
-j TOS --or-tos 0x12;-j TOS --set-tos 0x12/0x12;OK
-j TOS;;FAIL
-j TOS --set-tos Min;;FAIL
-j TOS --set-tos Minimize-D;;FAIL
-j TOS --set-tos M;;FAIL
-j TOS --set-tos "";;FAIL
-j TOS --set-tos Minimize-Delay/0xff;;FAIL
-j TOS --set-tos 256;;FAIL
-j TOS --set-tos -1;;FAIL
*mangle
@family 6
:FORWARD
-j TOS --set-tos 0x10;-j TOS --set-tos 0x10/0xff;OK
-j TOS --set-tos Minimize-Delay;-j TOS --set-tos 0x10/0x3f;OK
-j TOS --set-tos 0x10/0x3f;=;OK
-j TOS --and-tos 0x12;-j TOS --set-tos 0x00/0xed;OK
*filter
@family 4
:FORWARD
-j TOS --set-tos 1;;FAIL
*raw
@family 4
:PREROUTING
-j TOS --set-tos 1;;FAIL
*mangle
@family 4
:PREROUTING
-j TOS --xor-tos 0x10;-j TOS --set-tos 0x10/0x00;OK
