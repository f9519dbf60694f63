# frag: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-m frag;=;OK
-m frag --fragid 5;=;OK
-m frag ! --fragid 5:9;=;OK
-m frag --fragid 9:5;=;OK
-m frag --fragid 0:4294967295;-m frag;OK
-m frag ! --fragid 0:4294967295;-m frag;OK
-m frag --fragid 1:2:3;;FAIL
-m frag --fraglen 8;=;OK
-m frag --fraglen 0;=;OK
-m frag ! --fraglen 0;=;OK
-m frag ! --fraglen 8 --fragmore;=;OK
-m frag --fraglen 1:2;;FAIL
-m frag --fragres --fragfirst --fraglast;=;OK
-m frag ! --fragres;;FAIL
-m frag --fragfirst --fragmore;=;OK
-m frag --fragmore --fraglast;;FAIL
-m frag --fraglast --fragfirst --fragres --fraglen 7 --fragid 5;-m frag --fragid 5 --fraglen 7 --fragres --fragfirst --fraglast;OK
-p tcp -m frag --fragmore;=;OK
-p ipv6-frag -m frag --fragmore;=;OK
-m frag --fragmore --fragmore;;FAIL
@family 6
*filter
:INPUT
-m frag --fragfirst --fragmore;udp [2001:db8::9]:1 > [2001:db8::1]:2 frag 0+ ipid 7;match
-m frag --fragid 7 --fraglast;udp [2001:db8::9] > [2001:db8::1] frag 5 ipid 7 data 0x00;match
-m frag ! --fragid 7;udp [2001:db8::9] > [2001:db8::1] frag 5 ipid 7 data 0x00;no
-m frag --fragfirst;udp [2001:db8::9] > [2001:db8::1] frag 5 ipid 7 data 0x00;no
-m frag --fraglen 7;udp [2001:db8::9] > [2001:db8::1] frag 5 ipid 7 data 0x00;match
-m frag --fragres;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 44:0x0000000000000007;match
-m frag --fragres;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 44:0x0001000000000007;no
-m frag --fragres;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 44:0x0000000200000007;no
-m frag --fraglast;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 44:0x0000000000000007,44:0x0000000100000007;match
-m frag;udp [2001:db8::9]:1 > [2001:db8::1]:2;no
-m frag;44 [2001:db8::9] > [2001:db8::1] raw data 0x11000000;hotdrop
