# SNPT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 6
:INPUT
-j SNPT --src-pfx dead::/64 --dst-pfx 1c3::/64;=;OK
:PREROUTING
-j SNPT --src-pfx dead::/64 --dst-pfx 1c3::/64;;FAIL
:POSTROUTING
-j SNPT --src-pfx dead:beef::1/64 --dst-pfx 1c3::/48;;FAIL
-j SNPT --src-pfx dead:beef::1/64 --dst-pfx 1c3::1/64;;FAIL
-j SNPT --src-pfx dead:beef::/65 --dst-pfx 1c3::/65;;FAIL
-j SNPT --src-pfx dead:beef:: --dst-pfx 1c3::;;FAIL
-j SNPT --src-pfx dead:beef::/0 --dst-pfx 1c3::/0;;FAIL
-j SNPT --src-pfx dead:beef::/129 --dst-pfx 1c3::/0;;FAIL
-j SNPT --src-pfx foo --dst-pfx 1c3::/0;;FAIL
-j SNPT --src-pfx dead:beef::/ffff:: --dst-pfx 1c3::/16;;FAIL
-j SNPT --src-pfx dead::/ffff:: --dst-pfx 1c3::/16;-j SNPT --src-pfx dead::/16 --dst-pfx 1c3::/16;OK
-j SNPT --src-pfx dead::/ffff:0:ffff:: --dst-pfx 1c3::/16;;FAIL
-j SNPT --src-pfx dead::/64 --dst-pfx 1c3::/48;=;OK
-j SNPT --src-pfx dead::1.2.3.4/64 --dst-pfx 1c3::/48;;FAIL
-j SNPT --src-pfx dead::/64 --src-pfx dead::/64 --dst-pfx 1c3::/48;;FAIL
-j SNPT ! --src-pfx dead::/64 --dst-pfx 1c3::/48;;FAIL
-j SNPT --src-pfx dead::/64/5 --dst-pfx 1c3::/48;;FAIL
-j SNPT --src-pfx dead::/ --dst-pfx 1c3::/48;;FAIL
-j SNPT --dst-pfx 1c3::/48;;FAIL
*filter
:OUTPUT
-j SNPT --src-pfx dead::/64 --dst-pfx 1c3::/64;;FAIL
