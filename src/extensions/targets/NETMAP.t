# NETMAP: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*nat
@family 4
:INPUT
-j NETMAP --to 1.2.3.0/24;=;OK
:OUTPUT
-j NETMAP --to 1.2.3.0/24;=;OK
:POSTROUTING
-j NETMAP --to 1.2.3.0/24;=;OK
-j NETMAP --to 1.2.3.4/255.255.255;-j NETMAP --to 1.2.3.4/32;OK
-j NETMAP --to 1.2.3.4/0x18;-j NETMAP --to 1.2.3.0/24;OK
-j NETMAP --to 1.2.3.4/024;-j NETMAP --to 1.2.0.0/20;OK
-j NETMAP --to 1.2.3.4/99;-j NETMAP --to 1.2.3.4/32;OK
-j NETMAP --to "";;FAIL
-j NETMAP --to 1.2.3.4/x;;FAIL
-j NETMAP --to 1.2.3.4/-1;;FAIL
-j NETMAP --to 1.2.3.4/24/8;;FAIL
-j NETMAP --to /24;;FAIL
:PREROUTING
-j NETMAP --to 1.2.3.0/24;=;OK
-j NETMAP --to 1.2.3.4;-j NETMAP --to 1.2.3.4/32;OK
-j NETMAP --to 1.2.3.4/32;=;OK
-j NETMAP --to 1.2.3.4/24;-j NETMAP --to 1.2.3.0/24;OK
-j NETMAP --to 1.2.3.4/0;-j NETMAP --to 0.0.0.0/0;OK
-j NETMAP --to 1.2.3.0/255.255.255.0;-j NETMAP --to 1.2.3.0/24;OK
-j NETMAP --to 1.2.3.0/255.0.255.0;-j NETMAP --to 1.2.3.0/32;OK
-j NETMAP --to 1.2.3.0/33;-j NETMAP --to 1.2.3.0/32;OK
-j NETMAP --to 1.2.3;-j NETMAP --to 1.2.0.3/32;OK
-j NETMAP;;FAIL
-j NETMAP --to 1.2.3.0/;;FAIL
-j NETMAP --to 1.2.3.0/24 --to 1.2.4.0/24;;FAIL
*filter
@family 4
:INPUT
-j NETMAP --to 1.2.3.0/24;;FAIL
*nat
@family 6
:POSTROUTING
-j NETMAP --to dead::/0;-j NETMAP --to ::/0;OK
-j NETMAP --to ::ffff:1.2.3.4/96;-j NETMAP --to ::ffff:0.0.0.0/96;OK
-j NETMAP --to fe80::1%lo;-j NETMAP --to fe80::1/128;OK
-j NETMAP --to dead::1/0x40;-j NETMAP --to dead::/64;OK
-j NETMAP --to dead::1/;;FAIL
-j NETMAP --to dead::1/x;;FAIL
-j NETMAP --to "";;FAIL
-j NETMAP --to dead::1/1.2.3.4;;FAIL
:PREROUTING
-j NETMAP --to dead::/64;=;OK
-j NETMAP --to dead::beef;-j NETMAP --to dead::beef/128;OK
-j NETMAP --to dead::beef/64;-j NETMAP --to dead::/64;OK
-j NETMAP --to dead::/ffff:ffff::;-j NETMAP --to dead::/32;OK
-j NETMAP --to dead::/ffff:0:ffff::;-j NETMAP --to dead::/128;OK
-j NETMAP --to dead::/129;;FAIL
-j NETMAP --to 1.2.3.4;;FAIL
