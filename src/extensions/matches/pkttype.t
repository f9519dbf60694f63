# pkttype: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m pkttype;;FAIL
-m pkttype --pkt-type unicast;=;OK
-m pkttype --pkt-type host;-m pkttype --pkt-type unicast;OK
-m pkttype --pkt-type broadcast;=;OK
-m pkttype --pkt-type multicast;=;OK
-m pkttype --pkt-type otherhost;=;OK
-m pkttype --pkt-type outgoing;;FAIL
-m pkttype --pkt-type loopback;;FAIL
-m pkttype --pkt-type fastroute;;FAIL
-m pkttype --pkt-type UNICAST;-m pkttype --pkt-type unicast;OK
-m pkttype --pkt-type uni;;FAIL
-m pkttype --pkt-type bcast;-m pkttype --pkt-type broadcast;OK
-m pkttype --pkt-type mcast;-m pkttype --pkt-type multicast;OK
-m pkttype --pkt-type foo;;FAIL
-m pkttype --pkt-type "";;FAIL
-m pkttype --pkt-type 1;;FAIL
-m pkttype ! --pkt-type broadcast;=;OK
-m pkttype --pkt-type broadcast --pkt-type multicast;;FAIL
-m pkttype --pkt-type BCAST;-m pkttype --pkt-type broadcast;OK
-m pkttype --pkt-type unicast;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m pkttype --pkt-type broadcast;udp 192.0.2.9:1 > 198.51.100.2:2 pkttype broadcast;match
-m pkttype --pkt-type multicast;udp 192.0.2.9:1 > 224.0.0.5:2 pkttype multicast;match
-m pkttype --pkt-type otherhost;udp 192.0.2.9:1 > 198.51.100.2:2 pkttype otherhost;match
-m pkttype ! --pkt-type broadcast;udp 192.0.2.9:1 > 198.51.100.2:2 pkttype broadcast;no
