# RETURN: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j RETURN;=;OK
*nat
@family 4
:PREROUTING
-j RETURN;=;OK
*filter
@family 6
:INPUT
-j RETURN;=;OK
