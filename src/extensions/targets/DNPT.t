# DNPT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 6
:PREROUTING
-j DNPT --src-pfx dead::/64 --dst-pfx 1c3::/64;=;OK
:OUTPUT
-j DNPT --src-pfx dead::/64 --dst-pfx 1c3::/64;=;OK
:FORWARD
-j DNPT --src-pfx dead::/64 --dst-pfx 1c3::/64;;FAIL
:POSTROUTING
-j DNPT --src-pfx dead::/64 --dst-pfx 1c3::/64;;FAIL
