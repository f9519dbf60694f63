# iprange: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m iprange;;FAIL
-m iprange --src-range 1.2.3.4-1.2.3.9;=;OK
-m iprange --dst-range 1.2.3.4-1.2.3.9;=;OK
-m iprange ! --src-range 1.2.3.4-1.2.3.9 ! --dst-range 1.2.3.4;-m iprange ! --src-range 1.2.3.4-1.2.3.9 ! --dst-range 1.2.3.4-1.2.3.4;OK
-m iprange --dst-range 1.2.3.4 --src-range 1.2.3.5;-m iprange --src-range 1.2.3.5-1.2.3.5 --dst-range 1.2.3.4-1.2.3.4;OK
-m iprange --src-range 1.2.3.9-1.2.3.4;=;OK
-m iprange --src-range 1.2.3.4-;;FAIL
-m iprange --src-range -1.2.3.4;;FAIL
-m iprange --src-range 1.2.3.4-1.2.3.4;=;OK
-m iprange --src-range 1.2.3.4/24;;FAIL
-m iprange --src-range foo;;FAIL
-m iprange --src-range 1.2.3.4-foo;;FAIL
-m iprange --src-range "";;FAIL
-m iprange --src-range "1.2.3.4 - 1.2.3.5";;FAIL
-m iprange --src-range 1.2.3.4:1.2.3.5;;FAIL
-m iprange --src-range 010.1.1.1-1.1.1.1;-m iprange --src-range 8.1.1.1-1.1.1.1;OK
-m iprange --src-range 10.1-10.2;-m iprange --src-range 10.1.0.0-10.2.0.0;OK
-m iprange --src-range 10;-m iprange --src-range 10.0.0.0-10.0.0.0;OK
-m iprange --src-range ::1;;FAIL
-m iprange --src-range 1.1.1.1 --src-range 2.2.2.2;;FAIL
-m iprange --src-range 1.1.1.1-2.2.2.2-3.3.3.3;;FAIL
-m iprange --src-range 1.256;;FAIL
-m iprange --src-range 1.2.3.4.5;;FAIL
-m iprange --src-range 1.2.3.4- ;;FAIL
-m iprange --src-range "1.2.3.4- 1.2.3.5";-m iprange --src-range 1.2.3.4-1.2.3.5;OK
-m iprange --src-range 0x1.2.3.4;-m iprange --src-range 1.2.3.4-1.2.3.4;OK
-m iprange --src-range 1.2.3.;;FAIL
@family 6
-m iprange --src-range ::1-::5;=;OK
-m iprange ! --src-range ::1-::5 ! --dst-range 2001:db8::;-m iprange ! --src-range ::1-::5 ! --dst-range 2001:db8::-2001:db8::;OK
-m iprange --src-range ::5-::1;=;OK
-m iprange --src-range 1.2.3.4;;FAIL
-m iprange --src-range foo;;FAIL
-m iprange --src-range ::1-::1;=;OK
-m iprange --src-range ::ffff:1.2.3.4-::ffff:1.2.3.9;=;OK
-m iprange --src-range ::1-;;FAIL
-m iprange --src-range ::1-x;;FAIL
@family 4
-m iprange --src-range 192.0.2.1-192.0.2.9;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m iprange --src-range 192.0.2.1-192.0.2.8;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m iprange ! --src-range 192.0.2.1-192.0.2.8;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m iprange --src-range 192.0.2.9-192.0.2.1;udp 192.0.2.5:1 > 198.51.100.2:2;no
-m iprange ! --src-range 192.0.2.9-192.0.2.1;udp 192.0.2.5:1 > 198.51.100.2:2;match
-m iprange --src-range 192.0.2.1-192.0.2.9 ! --dst-range 198.51.100.0-198.51.100.1;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m iprange --dst-range 128.0.0.0-255.255.255.255;udp 192.0.2.9:1 > 198.51.100.2:2;match
@family 6
-m iprange --src-range 2001:db8::-2001:db8::ffff;udp [2001:db8::9]:1 > [2001:db8:5::2]:2;match
-m iprange ! --dst-range 2001:db8:5::2-2001:db8:5::2;udp [2001:db8::9]:1 > [2001:db8:5::2]:2;no
