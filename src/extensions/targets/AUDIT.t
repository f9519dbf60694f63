# AUDIT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:PREROUTING
-j AUDIT --type drop;=;OK
*filter
:INPUT
-j AUDIT --type foo;;FAIL
-j AUDIT --type ACCEPT;-j AUDIT --type accept;OK
-j AUDIT --type accept --type drop;;FAIL
