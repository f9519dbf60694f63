# addrtype: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:FORWARD
-m addrtype --dst-type LOCAL --limit-iface-in;=;OK
-m addrtype --dst-type LOCAL --limit-iface-out;=;OK
:INPUT
-m addrtype;;FAIL
-m addrtype --src-type LOCAL;=;OK
-m addrtype --dst-type LOCAL;=;OK
-m addrtype --src-type local;-m addrtype --src-type LOCAL;OK
-m addrtype --src-type loc;-m addrtype --src-type LOCAL;OK
-m addrtype --src-type U;-m addrtype --src-type UNSPEC;OK
-m addrtype --src-type UN;-m addrtype --src-type UNSPEC;OK
-m addrtype --src-type UNSPEC;=;OK
-m addrtype --src-type UNICAST,LOCAL,BROADCAST;=;OK
-m addrtype ! --src-type UNICAST,LOCAL,BROADCAST ! --dst-type MULTICAST;=;OK
-m addrtype --dst-type ANYCAST,MULTICAST,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE,UNSPEC;-m addrtype --dst-type UNSPEC,ANYCAST,MULTICAST,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE;OK
-m addrtype --dst-type FOO;;FAIL
-m addrtype --dst-type "";;FAIL
-m addrtype --dst-type LOCAL,;;FAIL
-m addrtype --dst-type LOCAL,,LOCAL;;FAIL
-m addrtype --dst-type LOCAL --src-type UNICAST;-m addrtype --src-type UNICAST --dst-type LOCAL;OK
-m addrtype --dst-type LOCAL --limit-iface-in;=;OK
-m addrtype --dst-type LOCAL --limit-iface-out;;FAIL
-m addrtype --dst-type LOCAL --limit-iface-in --limit-iface-out;;FAIL
-m addrtype --limit-iface-in;;FAIL
-m addrtype --limit-iface-in --dst-type LOCAL --src-type UNICAST;-m addrtype --src-type UNICAST --dst-type LOCAL --limit-iface-in;OK
-m addrtype ! --limit-iface-in --dst-type LOCAL;;FAIL
-m addrtype --dst-type LOCAL --dst-type LOCAL;;FAIL
-m addrtype --dst-type FOO,LOCAL;;FAIL
-m addrtype --dst-type ,LOCAL;;FAIL
-m addrtype --dst-type M,B;-m addrtype --dst-type BROADCAST,MULTICAST;OK
:OUTPUT
-m addrtype --dst-type LOCAL --limit-iface-out;=;OK
-m addrtype --dst-type LOCAL --limit-iface-in;;FAIL
*mangle
:POSTROUTING
-m addrtype --dst-type LOCAL --limit-iface-in;;FAIL
-m addrtype --dst-type LOCAL --limit-iface-out;=;OK
:PREROUTING
-m addrtype --dst-type LOCAL --limit-iface-out;;FAIL
*filter
@family 6
:INPUT
-m addrtype --dst-type LOCAL;=;OK
-m addrtype --dst-type BROADCAST;;FAIL
-m addrtype --dst-type BLACKHOLE;;FAIL
-m addrtype --dst-type PROHIBIT;;FAIL
-m addrtype --dst-type UNREACHABLE,LOCAL,ANYCAST,UNICAST,MULTICAST,UNSPEC;-m addrtype --dst-type UNSPEC,UNICAST,LOCAL,ANYCAST,MULTICAST,UNREACHABLE;OK
-m addrtype --dst-type LOCAL --limit-iface-in;=;OK
-m addrtype --dst-type NAT;;FAIL
@family 4
-m addrtype --src-type UNICAST;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m addrtype --dst-type MULTICAST;udp 192.0.2.9:1 > 224.0.0.9:2;match
-m addrtype --dst-type BROADCAST;udp 192.0.2.9:1 > 255.255.255.255:2;match
-m addrtype ! --dst-type LOCAL,MULTICAST;udp 192.0.2.9:1 > 224.0.0.9:2;no
@family 6
-m addrtype --dst-type MULTICAST;udp [2001:db8::9]:1 > [ff02::1]:2;match
-m addrtype --dst-type UNICAST,MULTICAST;udp [2001:db8::9]:1 > [ff02::1]:2;no
-m addrtype --src-type UNICAST ! --dst-type MULTICAST;udp [2001:db8::9]:1 > [2001:db8:5::2]:2;match
-m addrtype --dst-type UNICAST;udp [2001:db8::9]:1 > [::ffff:192.0.2.1]:2;no
