# rt: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-m rt;=;OK
-m rt --rt-type 0;=;OK
-m rt --rt-type 0x2;-m rt --rt-type 2;OK
-m rt ! --rt-type 2 ! --rt-segsleft 1 ! --rt-len 8;=;OK
-m rt --rt-type 4294967296;;FAIL
-m rt --rt-type 300;=;OK
-m rt --rt-segsleft 1:2:3;;FAIL
-m rt --rt-segsleft 3:1;=;OK
-m rt --rt-segsleft 0:4294967295;-m rt;OK
-m rt ! --rt-segsleft 0:4294967295;-m rt;OK
-m rt --rt-segsleft 300;=;OK
-m rt --rt-len 0;=;OK
-m rt ! --rt-len 0;=;OK
-m rt --rt-0-res;;FAIL
-m rt --rt-type 1 --rt-0-res;;FAIL
-m rt ! --rt-type 0 --rt-0-res;;FAIL
-m rt --rt-0-res --rt-type 0;;FAIL
-m rt --rt-type 0 ! --rt-0-res;;FAIL
-m rt --rt-type 0 --rt-0-addrs ::1;=;OK
-m rt --rt-type 0 --rt-0-addrs 2001:db8::1,2001:db8::2;=;OK
-m rt --rt-type 0 --rt-0-addrs 2001:db8::1,2001:db8::2 --rt-0-not-strict;=;OK
-m rt --rt-type 0 ! --rt-0-addrs 2001:db8::1;;FAIL
-m rt --rt-type 2 --rt-0-addrs 2001:db8::1;;FAIL
-m rt --rt-type 0 --rt-0-not-strict;;FAIL
-m rt --rt-type 0 --rt-0-not-strict --rt-0-addrs ::1;;FAIL
-m rt --rt-0-addrs ::1;;FAIL
-m rt --rt-type 0 --rt-0-addrs foo;;FAIL
-m rt --rt-type 0 --rt-0-addrs "";;FAIL
-m rt --rt-type 0 --rt-0-addrs ::1,;;FAIL
-m rt --rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::10;=;OK
-m rt --rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::10,::11;;FAIL
-m rt --rt-type 0 --rt-0-addrs ::1,::2,::3,::4,::5,::6,::7,::8,::9,::a,::b,::c,::d,::e,::f,::10,::11,::12;;FAIL
-m rt --rt-type 0 --rt-0-addrs ::1 --rt-0-addrs ::2;;FAIL
-m rt --rt-type 0 --rt-0-addrs ::1/64;;FAIL
-m rt --rt-type 0 --rt-0-addrs ::ffff:1.2.3.4;=;OK
-m rt --rt-type 0 --rt-segsleft 1:5 --rt-len 24 --rt-0-res --rt-0-addrs ::1 --rt-0-not-strict;=;OK
-m rt --rt-type 0 --rt-type 0;;FAIL
-m rt --rt-0-res --rt-type x;;FAIL
-m rt --rt-type 0 --rt-0-addrs localhost;;FAIL
-m rt --rt-type 0 --rt-0-addrs fe80::1%eth0;;FAIL
@family 6
*filter
:INPUT
-m rt --rt-type 2 --rt-segsleft 1;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000202010000000020010db8000000000000000000000005;match
-m rt --rt-len 24;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000202010000000020010db8000000000000000000000005;match
-m rt ! --rt-type 2;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000202010000000020010db8000000000000000000000005;no
-m rt --rt-segsleft 2:9;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000202010000000020010db8000000000000000000000005;no
-m rt --rt-type 0 --rt-0-res --rt-0-addrs 2001:db8::5;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000200000000000020010db8000000000000000000000005;match
-m rt --rt-type 0 --rt-0-res;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000200000000000120010db8000000000000000000000005;no
-m rt --rt-type 0 --rt-0-addrs 2001:db8::5;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x00040000000000002000000000000000000000000000000020010db8000000000000000000000005;no
-m rt --rt-type 0 --rt-0-addrs 2001:db8::5 --rt-0-not-strict;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x00040000000000002000000000000000000000000000000020010db8000000000000000000000005;match
-m rt;43 [2001:db8::9] > [2001:db8::1] raw data 0x1102000000000000;hotdrop
