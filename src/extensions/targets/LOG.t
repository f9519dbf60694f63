# LOG: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j LOG;=;OK
-j LOG --log-prefix "hello world: ";=;OK
-j LOG --log-prefix hello;=;OK
-j LOG --log-prefix "test: ";=;OK
-j LOG --log-prefix aaaaaaaaaabbbbbbbbbbcccccccccddddd;-j LOG --log-prefix aaaaaaaaaabbbbbbbbbbccccccccc;OK
-j LOG --log-level emerg;-j LOG --log-level 0;OK
-j LOG --log-level panic;-j LOG --log-level 0;OK
-j LOG --log-level alert;-j LOG --log-level 1;OK
-j LOG --log-level crit;-j LOG --log-level 2;OK
-j LOG --log-level error;-j LOG --log-level 3;OK
-j LOG --log-level warning;-j LOG;OK
-j LOG --log-level notice;-j LOG --log-level 5;OK
-j LOG --log-level info;-j LOG --log-level 6;OK
-j LOG --log-level debug;-j LOG --log-level 7;OK
-j LOG --log-level 0;=;OK
-j LOG --log-level 7;=;OK
-j LOG --log-prefix "";;FAIL
-j LOG --log-level err;;FAIL
-j LOG --log-level warn;;FAIL
-j LOG --log-level DEBUG;;FAIL
-j LOG --log-level wa;;FAIL
-j LOG --log-level e;;FAIL
-j LOG --log-level 8;;FAIL
-j LOG --log-level -1;;FAIL
*filter
@family 6
:INPUT
-j LOG;=;OK
-j LOG --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode --log-prefix "a b" --log-level info;-j LOG --log-prefix "a b" --log-level 6 --log-tcp-sequence --log-tcp-options --log-ip-options --log-uid --log-macdecode;OK
*nat
@family 4
:PREROUTING
-j LOG --log-level debug --log-prefix "x";-j LOG --log-prefix x --log-level 7;OK
