# quota: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m quota;;FAIL
-m quota --quota 5;=;OK
-m quota ! --quota 5;=;OK
-m quota --quota 18446744073709551615;=;OK
-m quota --quota 9223372036854775808;=;OK
-m quota --quota 5k;;FAIL
-m quota --quota -1;;FAIL
-m quota --quota 5 --quota 6;;FAIL
-m quota --quota "";;FAIL
@family 6
-m quota --quota 1000;=;OK
@family 4
*filter
:INPUT
-m quota --quota 28;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m quota --quota 27;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m quota ! --quota 28;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m quota ! --quota 27;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m quota --quota 18446744073709551615;udp 192.0.2.9:1 > 198.51.100.2:2;match
