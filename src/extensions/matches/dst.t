# dst: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-m dst;=;OK
-m dst --dst-len 8;=;OK
-m dst ! --dst-len 0;=;OK
-m dst --dst-opts 5:2,1,0;=;OK
-m dst ! --dst-opts 5:2;;FAIL
-m dst --dst-opts 5:2 --dst-not-strict;;FAIL
-m dst --dst-not-strict;;FAIL
-m dst --dst-opts 256;-m dst --dst-opts 0;OK
-m dst --dst-opts 5:256;-m dst --dst-opts 5:0;OK
-m dst --dst-opts 5:;;FAIL
-m dst --dst-opts "";;FAIL
-m dst --dst-opts 5,;;FAIL
-m dst --dst-opts foo;;FAIL
-m dst --dst-opts 5x;;FAIL
-m dst --dst-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17;;FAIL
-m dst --dst-len x;;FAIL
@family 6
*filter
:INPUT
-m dst --dst-opts 0,1:3;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 60:0x0000000103000000;match
-m dst --dst-opts 1;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 60:0x0000000103000000;no
-m dst ! --dst-len 0;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 60:0x0000000103000000;match
-m dst;60 [2001:db8::9] > [2001:db8::1] raw data 0x1101000000000000;hotdrop
-m dst;43 [2001:db8::9] > [2001:db8::1] raw data 0x3c01000000000000;hotdrop
