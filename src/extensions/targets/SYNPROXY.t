# SYNPROXY: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-j SYNPROXY --sack-perm --timestamp --mss 1460 --wscale 9;;FAIL
-p tcp -m tcp --syn -j SYNPROXY --sack-perm --timestamp --mss 1460 --wscale 9;-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j SYNPROXY --sack-perm --timestamp --wscale 9 --mss 1460;OK
-p tcp -j SYNPROXY;=;OK
! -p tcp -j SYNPROXY;;FAIL
-p tcp -j SYNPROXY --wscale 14;=;OK
-p tcp -j SYNPROXY --wscale 15;=;OK
-p tcp -j SYNPROXY --wscale 255;=;OK
-p tcp -j SYNPROXY --wscale 256;-p tcp -j SYNPROXY --wscale 0;OK
-p tcp -j SYNPROXY --mss 0;=;OK
-p tcp -j SYNPROXY --wscale 0;=;OK
-p tcp -j SYNPROXY --mss 65535;=;OK
-p tcp -j SYNPROXY --mss 65536;-p tcp -j SYNPROXY --mss 0;OK
-p tcp -j SYNPROXY --ecn --ecn;;FAIL
-p tcp -j SYNPROXY --mss "";;FAIL
-p tcp -j SYNPROXY --mss -1;;FAIL
-p tcp -j SYNPROXY --mss 4294967295;-p tcp -j SYNPROXY --mss 65535;OK
-p tcp -j SYNPROXY --mss 4294967296;;FAIL
-p tcp -j SYNPROXY --wscale 4294967297;;FAIL
-p tcp -j SYNPROXY --mss 5 --mss 6;;FAIL
:FORWARD
-p tcp -j SYNPROXY --ecn;=;OK
:OUTPUT
-p tcp -j SYNPROXY --ecn;;FAIL
*mangle
:PREROUTING
-p tcp -j SYNPROXY --ecn;;FAIL
:INPUT
-p tcp -j SYNPROXY --ecn;=;OK
*raw
:PREROUTING
-p tcp -j SYNPROXY --ecn;;FAIL
*security
:INPUT
-p tcp -j SYNPROXY --ecn;=;OK
*nat
:INPUT
-p tcp -j SYNPROXY --ecn;=;OK
*filter
@family 6
:INPUT
-p tcp -j SYNPROXY --ecn --timestamp;-p tcp -j SYNPROXY --timestamp --ecn;OK
