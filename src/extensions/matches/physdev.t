# physdev: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:FORWARD
-m physdev --physdev-in eth0 --physdev-is-in --physdev-is-bridged --physdev-out eth1 --physdev-is-out;-m physdev --physdev-is-in --physdev-in eth0 --physdev-is-out --physdev-out eth1 --physdev-is-bridged;OK
-m physdev ! --physdev-in eth0 ! --physdev-is-in ! --physdev-is-bridged ! --physdev-out eth1 ! --physdev-is-out;-m physdev ! --physdev-is-in ! --physdev-in eth0 ! --physdev-is-out ! --physdev-out eth1 ! --physdev-is-bridged;OK
-m physdev --physdev-out eth+ --physdev-in eth+;-m physdev --physdev-in eth+ --physdev-out eth+;OK
-m physdev --physdev-is-out;=;OK
-m physdev --physdev-in 0123456789012345;;FAIL
-m physdev --physdev-in 012345678901234;=;OK
-m physdev --physdev-in 01234567890123456;;FAIL
-m physdev --physdev-in "a!b";-m physdev --physdev-in a!b;OK
-m physdev --physdev-in eth0 --physdev-in eth1;;FAIL
:INPUT
-m physdev;;FAIL
-m physdev --physdev-in lo;=;OK
-m physdev --physdev-in lo+;=;OK
-m physdev --physdev-in +;=;OK
-m physdev ! --physdev-in eth0;=;OK
-m physdev --physdev-out lo;=;OK
-m physdev --physdev-is-in;=;OK
-m physdev ! --physdev-is-in;=;OK
-m physdev --physdev-is-out;=;OK
-m physdev --physdev-is-bridged;=;OK
-m physdev ! --physdev-is-bridged;=;OK
-m physdev --physdev-out lo;=;OK
:OUTPUT
-m physdev --physdev-out lo;;FAIL
-m physdev --physdev-is-out;;FAIL
-m physdev --physdev-is-bridged;=;OK
-m physdev --physdev-is-bridged --physdev-out lo;-m physdev --physdev-out lo --physdev-is-bridged;OK
-m physdev ! --physdev-is-bridged --physdev-out lo;;FAIL
-m physdev --physdev-in lo;=;OK
*mangle
:POSTROUTING
-m physdev --physdev-out lo;=;OK
-m physdev --physdev-out lo --physdev-is-bridged;=;OK
:PREROUTING
-m physdev --physdev-out lo;=;OK
*filter
@family 6
:INPUT
-m physdev --physdev-in lo;=;OK
@family 4
-m physdev --physdev-in eth0;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0;match
-m physdev --physdev-in eth+;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0;match
-m physdev ! --physdev-in eth1;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0;match
-m physdev --physdev-in eth0;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m physdev ! --physdev-in eth0;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m physdev --physdev-is-in;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0;match
-m physdev ! --physdev-is-in;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m physdev --physdev-is-bridged;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0;no
-m physdev --physdev-is-bridged;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0 physout eth1;match
-m physdev --physdev-out eth1;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0 physout eth1;match
-m physdev ! --physdev-out eth1;udp 192.0.2.9:1 > 198.51.100.2:2 physin eth0;no
-m physdev ! --physdev-out eth1;udp 192.0.2.9:1 > 198.51.100.2:2;match
