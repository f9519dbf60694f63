# statistic: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m statistic;;FAIL
-m statistic --mode random;;FAIL
-m statistic --mode random --probability 0.5;-m statistic --mode random --probability 0.50000000000;OK
-m statistic --mode random ! --probability 0.5;-m statistic --mode random ! --probability 0.50000000000;OK
-m statistic --mode random --probability 1;-m statistic --mode random --probability 1.00000000000;OK
-m statistic --mode random --probability 0;-m statistic --mode random --probability 0.00000000000;OK
-m statistic --mode random --probability 1.1;;FAIL
-m statistic --mode random --probability -0.1;;FAIL
-m statistic --mode random --probability 1e-3;-m statistic --mode random --probability 0.00100000016;OK
-m statistic --mode random --probability 0.1x;;FAIL
-m statistic --mode random --probability foo;;FAIL
-m statistic --mode random --probability "";;FAIL
-m statistic --mode random --probability nan;-m statistic --mode random --probability 0.00000000000;OK
-m statistic --mode random --probability 0x1p-3;-m statistic --mode random --probability 0.12500000000;OK
-m statistic --mode random --probability 0.123456789;-m statistic --mode random --probability 0.12345678918;OK
-m statistic --mode random --probability 0.33333333349;=;OK
-m statistic --mode random --probability 0.0000000001;-m statistic --mode random --probability 0.00000000000;OK
-m statistic --mode random --probability 0.0000000003;-m statistic --mode random --probability 0.00000000047;OK
-m statistic --mode random --probability 0.9999999999;-m statistic --mode random --probability 1.00000000000;OK
-m statistic --mode random --probability .25;-m statistic --mode random --probability 0.25000000000;OK
-m statistic --mode random --probability +.25;-m statistic --mode random --probability 0.25000000000;OK
-m statistic --mode random --probability " .25";-m statistic --mode random --probability 0.25000000000;OK
-m statistic --mode RANDOM --probability 0.5;;FAIL
-m statistic --mode rand --probability 0.5;;FAIL
-m statistic --mode nth --every 5 --packet 0;=;OK
-m statistic --mode nth --every 5 --packet 4;=;OK
-m statistic --mode nth --every 1 --packet 0;=;OK
-m statistic --mode nth --every 0 --packet 0;;FAIL
-m statistic --mode nth --every 4294967295 --packet 0;=;OK
-m statistic --mode nth --every 4294967296 --packet 0;;FAIL
-m statistic --mode nth --every 5x --packet 0;;FAIL
-m statistic --mode nth --packet 0;;FAIL
-m statistic --mode nth --packet 1;;FAIL
-m statistic --mode nth;;FAIL
-m statistic --mode nth --every 5 --packet 0 --probability 0.5;;FAIL
-m statistic --mode random --probability 0.5 --every 5 --packet 0;;FAIL
-m statistic --mode random --every 5 --packet 0;;FAIL
-m statistic --mode nth --probability 0.5;;FAIL
-m statistic --mode random --mode nth --every 5 --packet 0;;FAIL
-m statistic --every 5 --packet 0 --mode nth;-m statistic --mode nth --every 5 --packet 0;OK
-m statistic ! --mode nth --every 5 --packet 0;;FAIL
-m statistic --mode nth --every 5 ! --packet 1;;FAIL
-m statistic --mode nth ! --every 5 --packet 1;=;OK
-m statistic --mode nth ! --every 5 ! --packet 1;;FAIL
-m statistic --mode random ! --probability 0.5 --packet 1;;FAIL
-m statistic --mode random --probability 0.5 --packet 1;;FAIL
@family 6
-m statistic --mode nth --every 3 --packet 1;=;OK
@family 4
*filter
:INPUT
-m statistic --mode random --probability 0.5;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m statistic --mode random --probability 0;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m statistic --mode random ! --probability 0.5;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m statistic --mode nth --every 3 --packet 0;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m statistic --mode nth --every 3 --packet 1;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m statistic --mode nth ! --every 3 --packet 2;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m statistic --mode nth --every 1 --packet 0;udp 192.0.2.9:1 > 198.51.100.2:2;match
