# CONNSECMARK: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*security
@family 4
:INPUT
-j CONNSECMARK --save;=;OK
*mangle
:INPUT
-j CONNSECMARK --restore;=;OK
-j CONNSECMARK --restore --save;;FAIL
-j CONNSECMARK --save --save;;FAIL
*filter
:INPUT
-j CONNSECMARK --restore;;FAIL
