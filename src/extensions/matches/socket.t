# socket: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
*mangle
:PREROUTING
-m socket;=;OK
-m socket --transparent;=;OK
-m socket --nowildcard;=;OK
-m socket --restore-skmark;=;OK
-m socket --restore-skmark --nowildcard --transparent;-m socket --transparent --nowildcard --restore-skmark;OK
-m socket ! --transparent;;FAIL
-m socket --transparent --transparent;;FAIL
*raw
:PREROUTING
-m socket;=;OK
*nat
:PREROUTING
-m socket;=;OK
*filter
:INPUT
-m socket;=;OK
:FORWARD
-m socket;;FAIL
:OUTPUT
-m socket;;FAIL
*mangle
:POSTROUTING
-m socket;;FAIL
@family 6
*filter
:INPUT
-m socket;=;OK
@family 4
*filter
:INPUT
-m socket;udp 192.0.2.9:1 > 198.51.100.2:2 socket bound;match
-m socket;udp 192.0.2.9:1 > 198.51.100.2:2 socket any;no
-m socket --nowildcard;udp 192.0.2.9:1 > 198.51.100.2:2 socket any;match
-m socket --transparent;udp 192.0.2.9:1 > 198.51.100.2:2 socket bound;no
-m socket --transparent;udp 192.0.2.9:1 > 198.51.100.2:2 socket transparent;match
-m socket --transparent;udp 192.0.2.9:1 > 198.51.100.2:2 socket any-transparent;no
-m socket --transparent --nowildcard;udp 192.0.2.9:1 > 198.51.100.2:2 socket any-transparent;match
-m socket;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m socket --nowildcard;udp 192.0.2.9:1 > 198.51.100.2:2;no
