# ECN: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:OUTPUT
-j ECN --ecn-tcp-remove;;FAIL
-p tcp -j ECN --ecn-tcp-remove;=;OK
-p tcp -j ECN --ecn-ip-ect 2;=;OK
-p tcp -j ECN --ecn-ip-ect 4;;FAIL
-j ECN --ecn-ip-ect 0;=;OK
-j ECN --ecn-ip-ect 1;=;OK
-p tcp -j ECN --ecn-tcp-cwr 1;=;OK
-p tcp -j ECN --ecn-tcp-cwr 0;=;OK
-p tcp -j ECN --ecn-tcp-ece 0;=;OK
-p tcp -j ECN --ecn-tcp-ece 1 --ecn-tcp-cwr 1;=;OK
-p tcp -j ECN --ecn-tcp-ece 1 --ecn-tcp-remove;;FAIL
-p tcp -j ECN --ecn-tcp-remove --ecn-ip-ect 1;-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 1;OK
-p tcp -j ECN --ecn-tcp-remove --ecn-tcp-remove;;FAIL
-p tcp -j ECN --ecn-ip-ect 1 --ecn-tcp-remove;-p tcp -j ECN --ecn-tcp-remove;OK
-p tcp -j ECN --ecn-tcp-cwr 1 --ecn-tcp-ece 0;-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 1;OK
-p tcp -j ECN --ecn-tcp-cwr 0 --ecn-tcp-ece 0;-p tcp -j ECN --ecn-tcp-remove;OK
-p tcp -j ECN --ecn-tcp-cwr 0 --ecn-tcp-ece 0 --ecn-ip-ect 2;-p tcp -j ECN --ecn-tcp-ece 0 --ecn-tcp-cwr 0 --ecn-ip-ect 2;OK
-p tcp -j ECN --ecn-tcp-cwr 2;;FAIL
! -p tcp -j ECN --ecn-tcp-cwr 1;;FAIL
! -p tcp -j ECN --ecn-ip-ect 1;=;OK
-p tcp -j ECN --ecn-tcp-remove --ecn-tcp-cwr 1;;FAIL
-p tcp -j ECN --ecn-ip-ect 0x1;-p tcp -j ECN --ecn-ip-ect 1;OK
-p tcp -j ECN;;FAIL
*filter
:OUTPUT
-p tcp -j ECN --ecn-tcp-remove;;FAIL
