# TEE: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:INPUT
-j TEE;;FAIL
-j TEE --gateway 1.1.1.1;=;OK
-j TEE --gateway 1.1.1;-j TEE --gateway 1.1.0.1;OK
-j TEE --gateway 0.0.0.0;;FAIL
-j TEE --gateway 1.1.1.1/32;;FAIL
-j TEE --gateway 1.1.1.1 --oif lo;=;OK
-j TEE --gateway 1.1.1.1 --oif doesnotexist;=;OK
-j TEE --gateway 1.1.1.1 --oif eth+;=;OK
-j TEE --gateway 1.1.1.1 --oif "";-j TEE --gateway 1.1.1.1;OK
-j TEE --gateway 1.1.1.1 --oif abcdefghijklmno;=;OK
-j TEE --gateway 1.1.1.1 --oif abcdefghijklmnop;-j TEE --gateway 1.1.1.1 --oif abcdefghijklmno;OK
-j TEE --gateway 1.1.1.1 --oif abcdefghijklmnopq;-j TEE --gateway 1.1.1.1 --oif abcdefghijklmno;OK
-j TEE --gateway 1.1.1.1 --gateway 2.2.2.2;;FAIL
-j TEE --gateway 2001:db8::1;;FAIL
@family 6
:INPUT
-j TEE --gateway 2001:db8::1 --oif lo;=;OK
-j TEE --gateway ::;;FAIL
-j TEE --gateway 1.2.3.4;;FAIL
*nat
@family 4
:INPUT
-j TEE --gateway 1.1.1.1;=;OK
