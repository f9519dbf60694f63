# connlimit: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m connlimit;;FAIL
-m connlimit --connlimit-upto 3;-m connlimit --connlimit-upto 3 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-above 3;-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit ! --connlimit-upto 3;-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit ! --connlimit-above 3;-m connlimit --connlimit-upto 3 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-upto 3 --connlimit-above 4;;FAIL
-m connlimit --connlimit-above 3 --connlimit-above 4;;FAIL
-m connlimit --connlimit-above 3 --connlimit-mask 24;-m connlimit --connlimit-above 3 --connlimit-mask 24 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask 0;-m connlimit --connlimit-above 3 --connlimit-mask 0 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask 33;-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask 129;-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask 255.255.0.0;-m connlimit --connlimit-above 3 --connlimit-mask 16 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask 255.0.255.0;-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask foo;;FAIL
-m connlimit --connlimit-above 3 --connlimit-mask 24 --connlimit-mask 25;;FAIL
-m connlimit --connlimit-above 3 --connlimit-saddr --connlimit-daddr;;FAIL
-m connlimit --connlimit-above 3 --connlimit-daddr;-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-daddr;OK
-m connlimit --connlimit-above 4294967295;-m connlimit --connlimit-above 4294967295 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-above -1;;FAIL
-m connlimit --connlimit-above 0x10;-m connlimit --connlimit-above 16 --connlimit-mask 32 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 ! --connlimit-mask 24;;FAIL
-m connlimit ! --connlimit-mask 24 --connlimit-above 3;;FAIL
-m connlimit ! --connlimit-saddr --connlimit-above 3;;FAIL
-m connlimit --connlimit-mask 24;;FAIL
-m connlimit --connlimit-upto 4294967296;;FAIL
@family 6
-m connlimit --connlimit-above 3;-m connlimit --connlimit-above 3 --connlimit-mask 128 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask 64 --connlimit-daddr;=;OK
-m connlimit --connlimit-above 3 --connlimit-mask ffff::;-m connlimit --connlimit-above 3 --connlimit-mask 16 --connlimit-saddr;OK
-m connlimit --connlimit-above 3 --connlimit-mask 129;;FAIL
-m connlimit --connlimit-above 3 --connlimit-mask ffff::1;-m connlimit --connlimit-above 3 --connlimit-mask 128 --connlimit-saddr;OK
@family 4
*filter
:INPUT
-m connlimit --connlimit-upto 1;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m connlimit --connlimit-upto 0;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connlimit --connlimit-above 0;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m connlimit --connlimit-above 1;udp 192.0.2.9:1 > 198.51.100.2:2;no
@family 6
*filter
:INPUT
-m connlimit --connlimit-above 0 --connlimit-daddr;udp [2001:db8::9]:1 > [2001:db8::2]:2;match
