# TRACE: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*raw
@family 4
:OUTPUT
-j TRACE;=;OK
:PREROUTING
-j TRACE;=;OK
-j TRACE --foo;;FAIL
*raw
@family 6
:PREROUTING
-j TRACE;=;OK
*mangle
@family 4
:FORWARD
-j TRACE;;FAIL
*filter
@family 4
:INPUT
-j TRACE;;FAIL
