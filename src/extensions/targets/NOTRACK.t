# NOTRACK: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*raw
@family 4
:PREROUTING
-j NOTRACK;=;OK
-j NOTRACK --notrack;;FAIL
-j NOTRACK --zone 1;;FAIL
*raw
@family 6
:PREROUTING
-j NOTRACK;=;OK
*filter
@family 4
:INPUT
-j NOTRACK;;FAIL
