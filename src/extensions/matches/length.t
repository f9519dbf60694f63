# length: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m length;;FAIL
-m length --length 5;=;OK
-m length --length 5:10;=;OK
-m length --length :10;-m length --length 0:10;OK
-m length --length 5:;-m length --length 5:65535;OK
-m length --length :;-m length --length 0:65535;OK
-m length ! --length 5:10;=;OK
-m length --length 10:5;=;OK
-m length --length 65535;=;OK
-m length --length 65536;;FAIL
-m length --length 0;=;OK
-m length --length 0:65535;=;OK
-m length --length 5:5;-m length --length 5;OK
-m length --length foo;;FAIL
-m length --length -1;;FAIL
-m length --length 5-7;;FAIL
-m length --length 1:2:3;;FAIL
-m length --length 0x10:010;-m length --length 16:8;OK
-m length --length 5 --length 6;;FAIL
-m length --length " 5";-m length --length 5;OK
-m length --length 5:x;;FAIL
-m length --length x:5;;FAIL
-m length --length 5x;;FAIL
-m length --length 5:6x;;FAIL
-m length --length 65536:x;;FAIL
-m length --length "5 :6";;FAIL
-m length --length 0x;;FAIL
-m length --length +5;-m length --length 5;OK
@family 6
-m length --length 40:65535;=;OK
@family 4
-m length --length 28;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m length --length 29:100;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m length ! --length 29:100;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m length --length 29:28;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m length --length 1000;udp 192.0.2.9:1 > 198.51.100.2:2 len 1000;match
@family 6
-m length --length 48;udp [2001:db8::9]:1 > [2001:db8:5::2]:2;match
