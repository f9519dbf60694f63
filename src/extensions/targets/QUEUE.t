# QUEUE: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j QUEUE;=;OK
-j QUEUE --queue-num 1;;FAIL
*nat
@family 4
:PREROUTING
-j QUEUE;=;OK
*filter
@family 6
:INPUT
-j QUEUE;=;OK
