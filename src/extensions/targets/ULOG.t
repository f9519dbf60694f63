# ULOG: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j ULOG;;FAIL
-j ULOG --ulog-nlgroup 2 --ulog-prefix foo --ulog-cprange 10 --ulog-qthreshold 5;;FAIL
-j ULOG --ulog-nlgroup 33;;FAIL
-j ULOG --ulog-nlgroup 0;;FAIL
-j ULOG --ulog-nlgroup 32;;FAIL
-j ULOG --ulog-prefix 0123456789012345678901234567890123;;FAIL
-j ULOG --ulog-prefix "";;FAIL
-j ULOG --ulog-qthreshold 0;;FAIL
-j ULOG --ulog-qthreshold 50;;FAIL
-j ULOG --ulog-qthreshold 51;;FAIL
-j ULOG --ulog-cprange 18446744073709551615;;FAIL
-j ULOG --ulog-cprange 18446744073709551616;;FAIL
-j ULOG --ulog-prefix foo --ulog-prefix bar;;FAIL
