# ecn: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-p tcp -m ecn --ecn-tcp-cwr;=;OK
-p tcp -m ecn ! --ecn-tcp-cwr ! --ecn-tcp-ece;-p tcp -m ecn ! --ecn-tcp-ece ! --ecn-tcp-cwr;OK
-p tcp -m ecn ! --ecn-ip-ect 1;=;OK
-m ecn --ecn-ip-ect 1;=;OK
-m ecn ! --ecn-ip-ect 0;=;OK
-m ecn --ecn-ip-ect 4;;FAIL
-m ecn --ecn-ip-ect 3;=;OK
-m ecn;;FAIL
-m ecn --ecn-tcp-cwr;;FAIL
-m ecn ! --ecn-tcp-ece;;FAIL
-p udp -m ecn --ecn-tcp-cwr;;FAIL
! -p tcp -m ecn --ecn-tcp-cwr;;FAIL
-p tcp -m ecn --ecn-tcp-cwr --ecn-tcp-cwr;;FAIL
-p tcp -m ecn ! --ecn-tcp-ece ! --ecn-tcp-cwr ! --ecn-ip-ect 2;=;OK
-p tcp -m ecn --ecn-tcp-ece --ecn-tcp-cwr --ecn-ip-ect 2;=;OK
-p tcp -m ecn --ecn-ip-ect;;FAIL
@family 6
-p tcp -m ecn ! --ecn-tcp-ece --ecn-tcp-cwr ! --ecn-ip-ect 2;=;OK
-m ecn --ecn-ip-ect 0;=;OK
-m ecn --ecn-tcp-ece;;FAIL
@family 4
*filter
:INPUT
-p tcp -m ecn --ecn-tcp-cwr ! --ecn-tcp-ece;tcp 192.0.2.9:1 > 198.51.100.2:2 syn+cwr;match
-p tcp -m ecn --ecn-tcp-cwr --ecn-tcp-ece;tcp 192.0.2.9:1 > 198.51.100.2:2 syn+cwr;no
-m ecn --ecn-ip-ect 2;udp 192.0.2.9:1 > 198.51.100.2:2 tos 18;match
-m ecn ! --ecn-ip-ect 2;udp 192.0.2.9:1 > 198.51.100.2:2 tos 18;no
-p tcp -m ecn ! --ecn-tcp-ece;tcp 192.0.2.9 > 198.51.100.2 frag 2 data 0x00000000000000000000000000400000000000000000;no
-p tcp -m ecn --ecn-tcp-ece;tcp 192.0.2.9 > 198.51.100.2 frag 2 data 0x00000000000000000000000000400000000000000000;match
-p tcp -m ecn ! --ecn-tcp-ece;tcp 192.0.2.9 > 198.51.100.2 raw data 0x00000000000000000000000000000000;no
@family 6
*filter
:INPUT
-m ecn --ecn-ip-ect 1;udp [2001:db8::9]:1 > [2001:db8::1]:2 tos 17;match
