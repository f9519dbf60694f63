# SECMARK: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*security
@family 4
:INPUT
-j SECMARK --selctx foo;;FAIL
-j SECMARK;;FAIL
*filter
:INPUT
-j SECMARK --selctx foo;;FAIL
*mangle
:INPUT
-j SECMARK --selctx foo;;FAIL
-j SECMARK --selctx "";;FAIL
:OUTPUT
-j SECMARK --selctx aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;;FAIL
-j SECMARK --selctx x --selctx y;;FAIL
