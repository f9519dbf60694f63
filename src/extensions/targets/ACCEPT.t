# ACCEPT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j ACCEPT;=;OK
-j ACCEPT --foo;;FAIL
-j ACCEPT ! --foo;;FAIL
*nat
@family 4
:PREROUTING
-j ACCEPT;=;OK
*security
@family 6
:INPUT
-j ACCEPT;=;OK
