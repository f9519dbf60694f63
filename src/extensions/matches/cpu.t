# cpu: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m cpu ! --cpu 1;=;OK
-m cpu --cpu 1x;;FAIL
-m cpu --cpu -1;;FAIL
-m cpu --cpu 0x1;-m cpu --cpu 1;OK
-m cpu --cpu 1 --cpu 2;;FAIL
-m cpu --cpu 0;=;OK
-m cpu;;FAIL
-m cpu --cpu 4294967295;=;OK
-m cpu --cpu 4294967296;;FAIL
@family 6
-m cpu --cpu 1;=;OK
@family 4
*filter
:INPUT
-m cpu --cpu 0;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m cpu ! --cpu 0;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m cpu --cpu 3;udp 192.0.2.9:1 > 198.51.100.2:2 cpu 3;match
-m cpu ! --cpu 3;udp 192.0.2.9:1 > 198.51.100.2:2 cpu 2;match
