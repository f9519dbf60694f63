# CLASSIFY: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j CLASSIFY --set-class 1:2;-j CLASSIFY --set-class 0001:0002;OK
-j CLASSIFY --set-class 0001:ffff;=;OK
-j CLASSIFY --set-class ffff:FFFF;-j CLASSIFY --set-class ffff:ffff;OK
-j CLASSIFY --set-class 10000:1;-j CLASSIFY --set-class 0000:0001;OK
-j CLASSIFY --set-class 1:10000;-j CLASSIFY --set-class 0001:0000;OK
-j CLASSIFY --set-class 0:0;-j CLASSIFY --set-class 0000:0000;OK
-j CLASSIFY --set-class 1:2x;-j CLASSIFY --set-class 0001:0002;OK
-j CLASSIFY --set-class " 1:2";-j CLASSIFY --set-class 0001:0002;OK
-j CLASSIFY --set-class 0x1:0x2;-j CLASSIFY --set-class 0001:0002;OK
-j CLASSIFY --set-class -1:2;-j CLASSIFY --set-class ffff:0002;OK
-j CLASSIFY --set-class 1:-1;-j CLASSIFY --set-class 0001:ffff;OK
-j CLASSIFY --set-class "1: 2";-j CLASSIFY --set-class 0001:0002;OK
-j CLASSIFY --set-class 100000001:1;-j CLASSIFY --set-class 0001:0001;OK
-j CLASSIFY --set-class 11111111111111111111111:1;-j CLASSIFY --set-class ffff:0001;OK
-j CLASSIFY;;FAIL
-j CLASSIFY --set-class 1;;FAIL
-j CLASSIFY --set-class 1:;;FAIL
-j CLASSIFY --set-class :1;;FAIL
-j CLASSIFY --set-class 1:xx;;FAIL
-j CLASSIFY --set-class foo;;FAIL
-j CLASSIFY --set-class 1:2 --set-class 3:4;;FAIL
:OUTPUT
-j CLASSIFY --set-class 1:2;-j CLASSIFY --set-class 0001:0002;OK
:POSTROUTING
-j CLASSIFY --set-class 1:2;-j CLASSIFY --set-class 0001:0002;OK
:PREROUTING
-j CLASSIFY --set-class 1:2;;FAIL
*filter
@family 4
:OUTPUT
-j CLASSIFY --set-class 1:2;-j CLASSIFY --set-class 0001:0002;OK
*nat
@family 4
:POSTROUTING
-j CLASSIFY --set-class 1:2;-j CLASSIFY --set-class 0001:0002;OK
*mangle
@family 6
:FORWARD
-j CLASSIFY --set-class 1:2;-j CLASSIFY --set-class 0001:0002;OK
:POSTROUTING
-j CLASSIFY --set-class a:b;-j CLASSIFY --set-class 000a:000b;OK
