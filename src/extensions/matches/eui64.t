# eui64: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-m eui64;=;OK
! -m eui64;;FAIL
:FORWARD
-m eui64;=;OK
:OUTPUT
-m eui64;;FAIL
*mangle
:POSTROUTING
-m eui64;;FAIL
:PREROUTING
-m eui64;=;OK
@family 6
:INPUT
-m eui64;udp [2001:db8::211:22ff:fe33:4455]:1 > [2001:db8::1]:2 in eth0 mac 00:11:22:33:44:55;match
-m eui64;udp [2001:db8::11:22ff:fe33:4455]:1 > [2001:db8::1]:2 in eth0 mac 00:11:22:33:44:55;no
-m eui64;udp [2001:db8::200:ff:fe00:0]:1 > [2001:db8::1]:2 in ppp0;no
