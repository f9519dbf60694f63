# TCPOPTSTRIP: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:INPUT
-j TCPOPTSTRIP;;FAIL
-p tcp -j TCPOPTSTRIP;=;OK
-p tcp -j TCPOPTSTRIP --strip-options mss;-p tcp -j TCPOPTSTRIP --strip-options 2;OK
-p tcp -j TCPOPTSTRIP --strip-options wscale,mss,sack-permitted,sack,timestamp,md5;-p tcp -j TCPOPTSTRIP --strip-options 2,3,4,5,8,19;OK
-p tcp -j TCPOPTSTRIP --strip-options 2,3,4,5,6,7,8,9,255;=;OK
-p tcp -j TCPOPTSTRIP --strip-options 256;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options MSS;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options foo;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options "";;FAIL
-p tcp -j TCPOPTSTRIP --strip-options 2,;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options ,2;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options 2,2;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options 1;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options 0x10;-p tcp -j TCPOPTSTRIP --strip-options 16;OK
-p tcp -j TCPOPTSTRIP --strip-options " 5";-p tcp -j TCPOPTSTRIP --strip-options 5;OK
-p tcp -j TCPOPTSTRIP --strip-options 010;-p tcp -j TCPOPTSTRIP --strip-options 8;OK
-p tcp -j TCPOPTSTRIP --strip-options -1;;FAIL
-p tcp -j TCPOPTSTRIP --strip-options 2 --strip-options 3;;FAIL
! -p tcp -j TCPOPTSTRIP --strip-options 2;;FAIL
*filter
:INPUT
-p tcp -j TCPOPTSTRIP;;FAIL
*mangle
@family 6
:INPUT
-p tcp -j TCPOPTSTRIP --strip-options 2,8;=;OK
