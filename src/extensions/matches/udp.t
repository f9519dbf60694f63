# udp: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-p udp --dport 53;-p udp -m udp --dport 53;OK
-p udp --dport 53 --dport 54;;FAIL
-p udp --dport 53 --sport 1:;-p udp -m udp --sport 1:65535 --dport 53;OK
-p udp ! --dport 53 ! --sport :5;-p udp -m udp ! --sport 0:5 ! --dport 53;OK
-p udp -m udp;=;OK
-p udp --dport 0:65535;-p udp -m udp;OK
-p udp ! --dport 0:65535;-p udp -m udp;OK
-p udp --dport 100:50;-p udp -m udp --dport 100:50;OK
-p udp --dport 99999;-p udp -m udp --dport 34463;OK
-p udp --dport foo;;FAIL
-p udp --dport domain;-p udp -m udp --dport 53;OK
-p udp --dport ssh;-p udp -m udp --dport 22;OK
-p udp --dport 0x50;;FAIL
-p udp --dport 010;-p udp -m udp --dport 10;OK
-p udp --dport :;-p udp -m udp;OK
-p udp --dport 1:2:3;;FAIL
-p udp --dport " 80";-p udp -m udp --dport 80;OK
-p udp --dport "80 ";;FAIL
-p udp --dport "+80";-p udp -m udp --dport 80;OK
-p udp --dport -1;;FAIL
-p udp --dport 80,90;;FAIL
-p udp --dport 53:53;-p udp -m udp --dport 53;OK
-p udp --source-port 53:domain;-p udp -m udp --sport 53;OK
-p udp --destination-port domain:;-p udp -m udp --dport 53:65535;OK
-m udp --dport 80;;FAIL
-p 17 --dport domain;-p udp -m udp --dport 53;OK
-p udp --sport 0;-p udp -m udp --sport 0;OK
-p udp ! --sport 1:1;-p udp -m udp ! --sport 1;OK
-p tcp -m tcp -m udp;;FAIL
@family 6
-p udp --dport domain;-p udp -m udp --dport 53;OK
@family 4
-p udp -m udp --dport 53;udp 192.0.2.9:40000 > 198.51.100.2:53;match
-p udp -m udp --dport 53;udp 192.0.2.9:40000 > 198.51.100.2:54;no
-p udp -m udp ! --dport 53;udp 192.0.2.9:40000 > 198.51.100.2:54;match
-p udp -m udp --dport 60:50;udp 192.0.2.9:40000 > 198.51.100.2:55;no
-p udp -m udp ! --dport 60:50;udp 192.0.2.9:40000 > 198.51.100.2:55;match
-p udp -m udp ! --sport 0:65535;udp 192.0.2.9:40000 > 198.51.100.2:55;no
-p udp -m udp ! --dport 53;udp 192.0.2.9 > 198.51.100.2 frag 1 data 0x0000000000000000;no
-p udp -m udp ! --dport 53;udp 192.0.2.9 > 198.51.100.2 raw data 0x9c400035000800;hotdrop
-p udp -m udp --dport 53;tcp 192.0.2.9:40000 > 198.51.100.2:53 syn;no
@family 6
-p udp -m udp --dport 53;udp [2001:db8::9]:40000 > [2001:db8:5::2]:53;match
-p udp -m udp ! --dport 53;udp 2001:db8::9 > 2001:db8:5::2 frag 1 data 0x0000000000000000;no
