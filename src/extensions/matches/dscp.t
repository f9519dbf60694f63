# dscp: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m dscp;;FAIL
-m dscp --dscp 0;-m dscp --dscp 0x00;OK
-m dscp --dscp 32;-m dscp --dscp 0x20;OK
-m dscp --dscp 0x20;=;OK
-m dscp --dscp 63;-m dscp --dscp 0x3f;OK
-m dscp --dscp 64;;FAIL
-m dscp ! --dscp 10;-m dscp ! --dscp 0x0a;OK
-m dscp --dscp-class BE;-m dscp --dscp 0x00;OK
-m dscp --dscp-class EF;-m dscp --dscp 0x2e;OK
-m dscp --dscp-class AF11;-m dscp --dscp 0x0a;OK
-m dscp --dscp-class af11;-m dscp --dscp 0x0a;OK
-m dscp --dscp-class CS0;-m dscp --dscp 0x00;OK
-m dscp --dscp-class CS7;-m dscp --dscp 0x38;OK
-m dscp ! --dscp-class CS7;-m dscp ! --dscp 0x38;OK
-m dscp --dscp-class AF1;;FAIL
-m dscp --dscp-class LE;;FAIL
-m dscp --dscp-class foo;;FAIL
-m dscp --dscp-class "";;FAIL
-m dscp --dscp 1 --dscp-class EF;;FAIL
-m dscp --dscp 1 --dscp 2;;FAIL
-m dscp --dscp foo;;FAIL
-m dscp --dscp 010;-m dscp --dscp 0x08;OK
@family 6
-m dscp --dscp 10;-m dscp --dscp 0x0a;OK
@family 4
-m dscp --dscp 0x2e;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0xb9;match
-m dscp --dscp-class AF11;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0x28;match
-m dscp ! --dscp 0x2e;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0xb8;no
-m dscp --dscp 0x00;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0x03;match
@family 6
-m dscp --dscp 0x2e;udp [2001:db8::9]:1 > [2001:db8:5::2]:2 tos 0xb9;match
