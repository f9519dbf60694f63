# devgroup: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m devgroup;;FAIL
-m devgroup --src-group 5;-m devgroup --src-group 0x5;OK
-m devgroup --dst-group 5;;FAIL
-m devgroup --src-group 5 --dst-group 6;;FAIL
-m devgroup ! --src-group 5 ! --dst-group 6;;FAIL
-m devgroup --src-group 5/3;-m devgroup --src-group 0x5/0x3;OK
-m devgroup --src-group 5/0xffffffff;-m devgroup --src-group 0x5;OK
-m devgroup --src-group 0x5;=;OK
-m devgroup --src-group default;=;OK
-m devgroup --src-group foo;;FAIL
-m devgroup --src-group 0;-m devgroup --src-group default;OK
-m devgroup --src-group 0/0;-m devgroup --src-group 0x0/0x0;OK
-m devgroup --src-group 4294967296;;FAIL
-m devgroup --src-group 1/;;FAIL
-m devgroup --src-group 1x;;FAIL
-m devgroup --src-group 1/x;;FAIL
-m devgroup --src-group 5 --src-group 6;;FAIL
-m devgroup --src-group "";;FAIL
:OUTPUT
-m devgroup --dst-group 5;-m devgroup --dst-group 0x5;OK
-m devgroup --src-group 5;;FAIL
-m devgroup ! --dst-group 5/7;-m devgroup ! --dst-group 0x5/0x7;OK
:FORWARD
-m devgroup --src-group 5 --dst-group 6;-m devgroup --src-group 0x5 --dst-group 0x6;OK
-m devgroup ! --src-group 5 ! --dst-group default;-m devgroup ! --src-group 0x5 ! --dst-group default;OK
-m devgroup --dst-group 0/1;-m devgroup --dst-group 0x0/0x1;OK
@family 6
:INPUT
-m devgroup --src-group 3;-m devgroup --src-group 0x3;OK
@family 4
*filter
:INPUT
-m devgroup --src-group 0x0;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0;match
-m devgroup --src-group 5;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0 ingroup 5;match
-m devgroup ! --src-group 5;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0 ingroup 5;no
-m devgroup --src-group 0x15/0xf;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0 ingroup 5;match
-m devgroup --src-group 1/0x1;udp 192.0.2.9:1 > 198.51.100.2:2 in eth0 ingroup 4;no
@family 4
*filter
:OUTPUT
-m devgroup --dst-group 5;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 outgroup 5;match
-m devgroup ! --dst-group 5;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 outgroup 6;match
