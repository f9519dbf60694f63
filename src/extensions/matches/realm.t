# realm: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m realm --realm 1;-m realm --realm 0x1;OK
-m realm --realm 0;-m realm --realm cosmos;OK
-m realm ! --realm 1;-m realm ! --realm 0x1;OK
-m realm --realm 1/2;-m realm --realm 0x1/0x2;OK
-m realm --realm 0x1/0xffffffff;-m realm --realm 0x1;OK
-m realm --realm 1/0;-m realm --realm 0x1/0x0;OK
-m realm --realm foo;;FAIL
-m realm --realm cosmos;=;OK
-m realm --realm unknown;;FAIL
-m realm --realm cosmos/1;;FAIL
-m realm --realm 4294967295;-m realm --realm 0xffffffff;OK
-m realm --realm 4294967296;;FAIL
-m realm --realm 1/4294967296;;FAIL
-m realm --realm 1/;;FAIL
-m realm --realm 1x;;FAIL
-m realm --realm 1/2x;;FAIL
-m realm --realm "";;FAIL
-m realm --realm -1;;FAIL
-m realm --realm 1 --realm 2;;FAIL
-m realm --realm 0x5/0x3;=;OK
-m realm;;FAIL
:FORWARD
-m realm --realm 5;-m realm --realm 0x5;OK
@family 4
*filter
:INPUT
-m realm --realm 0x5;udp 192.0.2.9:1 > 198.51.100.2:2 realm 5;match
-m realm --realm 0x5;udp 192.0.2.9:1 > 198.51.100.2:2 realm 6;no
-m realm ! --realm 0x5;udp 192.0.2.9:1 > 198.51.100.2:2 realm 6;match
-m realm --realm 0x5/0x3;udp 192.0.2.9:1 > 198.51.100.2:2 realm 5;no
-m realm --realm 0x1/0x3;udp 192.0.2.9:1 > 198.51.100.2:2 realm 5;match
-m realm --realm cosmos;udp 192.0.2.9:1 > 198.51.100.2:2;match
