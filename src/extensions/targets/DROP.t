# DROP: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*nat
@family 4
:PREROUTING
-j DROP;;FAIL
*nat
@family 6
:PREROUTING
-j DROP;;FAIL
*filter
@family 4
:INPUT
-j DROP;=;OK
*filter
@family 6
:FORWARD
-j DROP;=;OK
*mangle
@family 4
:PREROUTING
-j DROP;=;OK
