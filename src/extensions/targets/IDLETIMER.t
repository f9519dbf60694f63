# IDLETIMER: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:OUTPUT
-j IDLETIMER;;FAIL
-j IDLETIMER --timeout 5;;FAIL
-j IDLETIMER --label 5;;FAIL
-j IDLETIMER --timeout 0 --label 5;;FAIL
-j IDLETIMER --timeout 4294967295 --label a5;;FAIL
-j IDLETIMER --timeout 2147483 --label a6;;FAIL
-j IDLETIMER --timeout 2147484 --label a7;;FAIL
-j IDLETIMER --timeout 4294967296 --label a7;;FAIL
-j IDLETIMER --timeout 5 --label abcdefghijklmnopqrstuvwxyz;=;OK
-j IDLETIMER --timeout 5 --label abcdefghijklmnopqrstuvwxyz1;=;OK
-j IDLETIMER --timeout 5 --label abcdefghijklmnopqrstuvwxyz12;-j IDLETIMER --timeout 5 --label abcdefghijklmnopqrstuvwxyz1;OK
-j IDLETIMER --timeout 5 --label "";;FAIL
-j IDLETIMER --timeout 5 --label "uevent";;FAIL
-j IDLETIMER --timeout 5 --label "power";;FAIL
-j IDLETIMER --timeout 5 --label x1 --alarm;=;OK
-j IDLETIMER --timeout 5 --label x/1;;FAIL
-j IDLETIMER --timeout 5 --label x2 --alarm --alarm;;FAIL
*mangle
:OUTPUT
-j IDLETIMER --timeout 5 --label y1;=;OK
