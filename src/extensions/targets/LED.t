# LED: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:OUTPUT
-j LED;;FAIL
-j LED --led-trigger-id foo;;FAIL
-j LED --led-trigger-id foo --led-delay 5 --led-always-blink;;FAIL
-j LED --led-trigger-id foo --led-delay inf;;FAIL
-j LED --led-trigger-id foo --led-delay INFxx;;FAIL
-j LED --led-trigger-id foo --led-delay bar;;FAIL
-j LED --led-trigger-id foo --led-delay -1;;FAIL
-j LED --led-trigger-id abcdefghijklmnopqrstuvwxyz;;FAIL
-j LED --led-trigger-id "";;FAIL
:INPUT
-j LED --led-trigger-id abcdefghijklmno;;FAIL
-j LED --led-trigger-id abcdefghijklmnop;;FAIL
-j LED --led-trigger-id abcdefghijklmnopq;;FAIL
-j LED --led-trigger-id a --led-delay "";;FAIL
-j LED --led-trigger-id a --led-delay 5x;;FAIL
-j LED --led-trigger-id a --led-delay 0x5;;FAIL
-j LED --led-trigger-id a --led-delay 4294967296;;FAIL
-j LED --led-trigger-id a --led-delay i;;FAIL
-j LED --led-delay 5;;FAIL
-j LED --led-always-blink --led-trigger-id a --led-always-blink;;FAIL
