# NFQUEUE: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:OUTPUT
-j NFQUEUE;-j NFQUEUE --queue-num 0;OK
-j NFQUEUE --queue-num 5;=;OK
-j NFQUEUE --queue-num 65535;=;OK
-j NFQUEUE --queue-num 65536;;FAIL
-j NFQUEUE --queue-num 5 --queue-bypass;=;OK
-j NFQUEUE --queue-num 5 --queue-cpu-fanout;;FAIL
-j NFQUEUE --queue-balance 5 --queue-cpu-fanout;;FAIL
-j NFQUEUE --queue-balance 5;;FAIL
-j NFQUEUE --queue-balance 5:4;;FAIL
-j NFQUEUE --queue-balance 5:5;;FAIL
-j NFQUEUE --queue-balance 5:;-j NFQUEUE --queue-balance 5:65535;OK
-j NFQUEUE --queue-balance :5;-j NFQUEUE --queue-balance 0:5;OK
-j NFQUEUE --queue-balance 0:65535;;FAIL
-j NFQUEUE --queue-balance 1:65535;=;OK
-j NFQUEUE --queue-balance 2:5 --queue-num 1;;FAIL
-j NFQUEUE --queue-num 1 --queue-balance 2:5;;FAIL
-j NFQUEUE --queue-balance 2:5:6;;FAIL
-j NFQUEUE --queue-balance 2:5x;;FAIL
-j NFQUEUE --queue-balance 2x5;;FAIL
-j NFQUEUE --queue-balance "";;FAIL
-j NFQUEUE --queue-balance :;;FAIL
-j NFQUEUE --queue-bypass --queue-bypass;;FAIL
-j NFQUEUE --queue-balance 2:5 --queue-bypass --queue-cpu-fanout;=;OK
*raw
:OUTPUT
-j NFQUEUE --queue-cpu-fanout;;FAIL
