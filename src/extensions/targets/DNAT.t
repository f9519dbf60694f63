# DNAT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*nat
@family 4
:PREROUTING
-j DNAT --to 1.1.1.1;-j DNAT --to-destination 1.1.1.1;OK
-j DNAT --to-destination 1.1.1.1;=;OK
-j DNAT --to-destination 1.1.1.1-1.1.1.10;=;OK
-j DNAT --to-destination 1.1.1.1-1.1.1.1;-j DNAT --to-destination 1.1.1.1;OK
-j DNAT --to-destination 1.1.1.10-1.1.1.1;=;OK
-p tcp -j DNAT --to-destination 1.1.1.1:1025-65535;=;OK
-p tcp -j DNAT --to-destination 1.1.1.1-1.1.1.10:1025-65535;=;OK
-p tcp -j DNAT --to-destination 1.1.1.1:1000-2000/1000;=;OK
-p tcp -j DNAT --to-destination 1.1.1.1:1000-2000/65535 --random;=;OK
-p tcp -j DNAT --to-destination 1.1.1.1:0;=;OK
-p tcp -j DNAT --to-destination 1.1.1.1:ssh;-p tcp -j DNAT --to-destination 1.1.1.1:22;OK
-p tcp -j DNAT --to-destination :80;=;OK
-p tcp -j DNAT --to-destination :80-90;=;OK
! -p tcp -j DNAT --to-destination 1.1.1.1:80;=;OK
-p icmp -j DNAT --to-destination 1.1.1.1:80;=;OK
-p sctp -j DNAT --to-destination 1.1.1.1:80;=;OK
-j DNAT;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1-1.1.1.10:1025-65536;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1-1.1.1.10:1025-65535 --to-destination 2.2.2.2-2.2.2.20:1025-65535;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1:1000-2000/65536;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1:1000-2000/;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1:1000/20;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1:1000-2000/0;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1:2000-1000;;FAIL
*filter
@family 4
:INPUT
-j DNAT --to-destination 1.1.1.1;;FAIL
*nat
@family 6
:PREROUTING
-j DNAT --to-destination 2001:db8::1;=;OK
-j DNAT --to-destination [2001:db8::1];-j DNAT --to-destination 2001:db8::1;OK
-p tcp -j DNAT --to-destination 2001:db8::1:80;=;OK
-p tcp -j DNAT --to-destination [2001:db8::1]:80;=;OK
-p tcp -j DNAT --to-destination [2001:db8::1]:80-90;=;OK
-p tcp -j DNAT --to-destination [2001:db8::1]:80-90/80;=;OK
-p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::10]:80-90;=;OK
-j DNAT --to-destination 2001:db8::1-2001:db8::10;=;OK
-j DNAT --to-destination [2001:db8::1-2001:db8::10];-j DNAT --to-destination 2001:db8::1-2001:db8::10;OK
-j DNAT --to-destination 2001:db8::10-2001:db8::1;=;OK
-p tcp -j DNAT --to-destination :80;=;OK
-p tcp -j DNAT --to-destination []:80;-p tcp -j DNAT --to-destination :80;OK
-p tcp -j DNAT --to-destination [::1]80;-p tcp -j DNAT --to-destination ::1;OK
-p tcp -j DNAT --to-destination [2001:db8::1]:80 --random --persistent;=;OK
-p tcp -j DNAT --to-destination ::ffff:1.2.3.4;=;OK
-p tcp -j DNAT --to-destination [2001:DB8:0:0::1]:ssh;-p tcp -j DNAT --to-destination [2001:db8::1]:22;OK
-p tcp -j DNAT --to-destination [2001:db8::1]-[2001:db8::10]:80-90;;FAIL
-p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::10]:1025-65536;;FAIL
-p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::10]:1025-65535 --to-destination [2001:db8::2-2001:db8::20]:1025-65535;;FAIL
-p tcp -j DNAT --to-destination [2001:db8::1;;FAIL
-p tcp -j DNAT --to-destination 1.1.1.1;;FAIL
-p tcp -j DNAT --to-destination foo;;FAIL
-j DNAT --to-destination [2001:db8::1]:80;;FAIL
-p tcp -j DNAT --to-destination "[::1]:";;FAIL
