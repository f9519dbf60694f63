# HL: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:FORWARD
-j HL --hl-set 1;;FAIL
*mangle
@family 6
:FORWARD
-j HL --hl-set 0;=;OK
-j HL --hl-set 255;=;OK
-j HL --hl-dec 1;=;OK
-j HL --hl-inc 1;=;OK
-j HL;;FAIL
-j HL --hl-set 256;;FAIL
-j HL --hl-dec 0;;FAIL
-j HL --hl-inc 0;;FAIL
-j HL --hl-inc foo;;FAIL
-j HL --hl-set 1 --hl-inc 5;;FAIL
*filter
@family 6
:FORWARD
-j HL --hl-set 1;;FAIL
