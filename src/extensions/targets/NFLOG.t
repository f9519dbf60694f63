# NFLOG: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j NFLOG;=;OK
-j NFLOG --nflog-group 0;-j NFLOG;OK
-j NFLOG --nflog-group 1;=;OK
-j NFLOG --nflog-group 0x10;-j NFLOG --nflog-group 16;OK
-j NFLOG --nflog-group 65535;=;OK
-j NFLOG --nflog-range 0;-j NFLOG;OK
-j NFLOG --nflog-range 1;=;OK
-j NFLOG --nflog-range 4294967295;=;OK
-j NFLOG --nflog-size 0;=;OK
-j NFLOG --nflog-size 1;=;OK
-j NFLOG --nflog-threshold 0;-j NFLOG;OK
-j NFLOG --nflog-threshold 1;=;OK
-j NFLOG --nflog-threshold 65535;=;OK
-j NFLOG --nflog-threshold 10 --nflog-prefix x --nflog-size 2 --nflog-group 4;-j NFLOG --nflog-prefix x --nflog-group 4 --nflog-size 2 --nflog-threshold 10;OK
-j NFLOG --nflog-threshold 10 --nflog-prefix x --nflog-range 2 --nflog-group 4;-j NFLOG --nflog-prefix x --nflog-group 4 --nflog-range 2 --nflog-threshold 10;OK
-j NFLOG --nflog-prefix "~!@#$%^&*()_+";=;OK
-j NFLOG --nflog-group 65536;;FAIL
-j NFLOG --nflog-group a;;FAIL
-j NFLOG --nflog-group -1;;FAIL
-j NFLOG --nflog-range 4294967296;;FAIL
-j NFLOG --nflog-range -1;;FAIL
-j NFLOG --nflog-size 4294967296;;FAIL
-j NFLOG --nflog-size 1 --nflog-range 4;;FAIL
-j NFLOG --nflog-threshold 65536;;FAIL
*filter
@family 6
:INPUT
-j NFLOG;=;OK
-j NFLOG --nflog-group 5 --nflog-prefix "v6 drop";-j NFLOG --nflog-prefix "v6 drop" --nflog-group 5;OK
