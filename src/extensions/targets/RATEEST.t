# RATEEST: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-j RATEEST;;FAIL
-j RATEEST --rateest-name X;;FAIL
-j RATEEST --rateest-name X --rateest-interval 1s;;FAIL
-j RATEEST --rateest-interval 1s --rateest-ewmalog 2s;;FAIL
-j RATEEST --rateest-name X --rateest-interval 1s --rateest-ewmalog 2s;-j RATEEST --rateest-name X --rateest-interval 1.0s --rateest-ewmalog 2.0s;OK
-j RATEEST --rateest-name X2 --rateest-interval 1sec --rateest-ewmalog 2secs;-j RATEEST --rateest-name X2 --rateest-interval 1.0s --rateest-ewmalog 2.0s;OK
-j RATEEST --rateest-name X3 --rateest-interval 100ms --rateest-ewmalog 500ms;-j RATEEST --rateest-name X3 --rateest-interval 250.0ms --rateest-ewmalog 1.0s;OK
-j RATEEST --rateest-name X4 --rateest-interval 250msec --rateest-ewmalog 500msecs;-j RATEEST --rateest-name X4 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms;OK
-j RATEEST --rateest-name X5 --rateest-interval 250000us --rateest-ewmalog 500000usecs;-j RATEEST --rateest-name X5 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms;OK
-j RATEEST --rateest-name X6 --rateest-interval 250000 --rateest-ewmalog 500000;-j RATEEST --rateest-name X6 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms;OK
-j RATEEST --rateest-name X7 --rateest-interval 8s --rateest-ewmalog 16s;-j RATEEST --rateest-name X7 --rateest-interval 8.0s --rateest-ewmalog 16.0s;OK
-j RATEEST --rateest-name X8 --rateest-interval 9s --rateest-ewmalog 16s;;FAIL
-j RATEEST --rateest-name X9 --rateest-interval 0.3s --rateest-ewmalog 1.5s;-j RATEEST --rateest-name X9 --rateest-interval 500.0ms --rateest-ewmalog 2.0s;OK
-j RATEEST --rateest-name X10 --rateest-interval 1s --rateest-ewmalog 1s;;FAIL
-j RATEEST --rateest-name X11 --rateest-interval 1s --rateest-ewmalog 0.1s;;FAIL
-j RATEEST --rateest-name X12 --rateest-interval 1s --rateest-ewmalog 1000000s;-j RATEEST --rateest-name X12 --rateest-interval 1.0s --rateest-ewmalog 2048.0s;OK
-j RATEEST --rateest-name X13 --rateest-interval 1s --rateest-ewmalog 1000s;-j RATEEST --rateest-name X13 --rateest-interval 1.0s --rateest-ewmalog 512.0s;OK
-j RATEEST --rateest-name X14 --rateest-interval 1s --rateest-ewmalog 4294s;-j RATEEST --rateest-name X14 --rateest-interval 1.0s --rateest-ewmalog 4096.0s;OK
-j RATEEST --rateest-name X15 --rateest-interval 1x --rateest-ewmalog 2s;;FAIL
-j RATEEST --rateest-name X16 --rateest-interval foo --rateest-ewmalog 2s;;FAIL
-j RATEEST --rateest-name X17 --rateest-interval 1S --rateest-ewmalog 2SECS;-j RATEEST --rateest-name X17 --rateest-interval 1.0s --rateest-ewmalog 2.0s;OK
-j RATEEST --rateest-name X18 --rateest-interval 0 --rateest-ewmalog 2s;;FAIL
-j RATEEST --rateest-name X19 --rateest-interval -1s --rateest-ewmalog 2s;;FAIL
-j RATEEST --rateest-name X20 --rateest-interval 1e3ms --rateest-ewmalog 2s;-j RATEEST --rateest-name X20 --rateest-interval 1.0s --rateest-ewmalog 2.0s;OK
-j RATEEST --rateest-name X21 --rateest-interval 2s --rateest-ewmalog 3s;-j RATEEST --rateest-name X21 --rateest-interval 2.0s --rateest-ewmalog 4.0s;OK
-j RATEEST --rateest-name X22 --rateest-interval 250ms --rateest-ewmalog 4000s;-j RATEEST --rateest-name X22 --rateest-interval 250.0ms --rateest-ewmalog 2048.0s;OK
-j RATEEST --rateest-name X22b --rateest-interval 250ms --rateest-ewmalog 200s;-j RATEEST --rateest-name X22b --rateest-interval 250.0ms --rateest-ewmalog 128.0s;OK
-j RATEEST --rateest-name X22c --rateest-interval 500ms --rateest-ewmalog 100s;-j RATEEST --rateest-name X22c --rateest-interval 500.0ms --rateest-ewmalog 64.0s;OK
-j RATEEST --rateest-name aaaaaaaaaabbbbbbbbbbcccccccccc --rateest-interval 250ms --rateest-ewmalog 4s;-j RATEEST --rateest-name aaaaaaaaaabbbbb --rateest-interval 250.0ms --rateest-ewmalog 4.0s;OK
-j RATEEST --rateest-name X --rateest-name Y --rateest-interval 250ms --rateest-ewmalog 4s;;FAIL
-j RATEEST --rateest-name X23 --rateest-interval 250ms --rateest-interval 250ms --rateest-ewmalog 4s;;FAIL
-j RATEEST ! --rateest-name X23 --rateest-interval 250ms --rateest-ewmalog 4s;;FAIL
# an estimator has the settings of the rule that made it
@family 4
:INPUT
+-j RATEEST --rateest-name SAME --rateest-interval 250ms --rateest-ewmalog 500ms
-j RATEEST --rateest-name SAME --rateest-interval 250.0ms --rateest-ewmalog 500.0ms;=;OK
-j RATEEST --rateest-name SAME --rateest-interval 250.0ms --rateest-ewmalog 1.0s;;FAIL
