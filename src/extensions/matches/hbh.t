# hbh: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-m hbh --hbh-len 8;=;OK
-m hbh ! --hbh-len 8;=;OK
-m hbh --hbh-len 0;=;OK
-m hbh ! --hbh-len 0;=;OK
-m hbh --hbh-opts 5;=;OK
-m hbh --hbh-opts 5:2;=;OK
-m hbh ! --hbh-opts 5:2;;FAIL
-m hbh --hbh-opts 5:2 --hbh-not-strict;;FAIL
-m hbh --hbh-not-strict;;FAIL
-m hbh --hbh-opts 256;-m hbh --hbh-opts 0;OK
-m hbh --hbh-opts 5:256;-m hbh --hbh-opts 5:0;OK
-m hbh --hbh-opts 5:255;-m hbh --hbh-opts 5;OK
-m hbh --hbh-opts 5:;;FAIL
-m hbh --hbh-opts :5;;FAIL
-m hbh --hbh-opts foo;;FAIL
-m hbh --hbh-opts 5,;;FAIL
-m hbh --hbh-opts 5,,6;;FAIL
-m hbh --hbh-opts ,5;;FAIL
-m hbh --hbh-opts "";;FAIL
-m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16;=;OK
-m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17;;FAIL
-m hbh --hbh-opts 0x5:0x2;-m hbh --hbh-opts 5:2;OK
-m hbh --hbh-opts 5:x;;FAIL
-m hbh --hbh-opts 5x;;FAIL
-m hbh --hbh-opts 5:2x;;FAIL
-m hbh --hbh-opts -1;-m hbh --hbh-opts 255;OK
-m hbh --hbh-len 70000;=;OK
-m hbh --hbh-len 2048 --hbh-len 3;;FAIL
-m hbh --hbh-len x;;FAIL
-m hbh --hbh-opts 1 --hbh-opts 2;;FAIL
-m hbh --hbh-opts 5:2:3;;FAIL
-m hbh --hbh-opts 0:1;;FAIL
-m hbh --hbh-opts 256:1;;FAIL
-m hbh --hbh-opts 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16:3;;FAIL
-m hbh --hbh-opts 99999999999999999999999;;FAIL
-m hbh --hbh-opts 5:99999999999999999999999;;FAIL
-m hbh --hbh-opts " 5";-m hbh --hbh-opts 5;OK
-m hbh --hbh-opts 18446744073709551615;-m hbh --hbh-opts 255;OK
-m hbh --hbh-opts +5;-m hbh --hbh-opts 5;OK
-m hbh --hbh-opts 08;;FAIL
-m hbh --hbh-opts 5:-1;-m hbh --hbh-opts 5;OK
@family 6
*filter
:INPUT
-m hbh --hbh-len 8;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;match
-m hbh ! --hbh-len 8;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;no
-m hbh --hbh-opts 5:2,1;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;match
-m hbh --hbh-opts 1;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;no
-m hbh --hbh-opts 5:4;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;no
-m hbh --hbh-opts 5,1,1;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;no
-m hbh;udp [2001:db8::9]:1 > [2001:db8::1]:2;no
