# ah: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-p ah -m ah ! --ahspi 0:4294967295;-p ah -m ah;OK
-p ah -m ah ! --ahspi 0;=;OK
-p ah -m ah --ahspi :5;-p ah -m ah --ahspi 0:5;OK
-p ah -m ah --ahspi 5:;-p ah -m ah --ahspi 5:4294967295;OK
-p ah -m ah --ahspi "";-p ah -m ah --ahspi 0;OK
-p ah -m ah --ahspi 0x10;-p ah -m ah --ahspi 16;OK
-p ah -m ah --ahspi 1 --ahspi 2;;FAIL
! -p ah -m ah --ahspi 1;;FAIL
-p ah -m ah --ahlen 1;;FAIL
-p ah -m ah --ahspi 1:2:3;;FAIL
@family 6
-p ah -m ah --ahspi 3;=;OK
-m ah;=;OK
-p tcp -m ah --ahlen 8;=;OK
-m ah --ahlen 0;-m ah;OK
-m ah ! --ahlen 0;=;OK
-m ah --ahlen 4294967295;=;OK
-m ah ! --ahlen 16;=;OK
-m ah --ahspi 4:2;=;OK
-m ah ! --ahspi 0:4294967295;-m ah;OK
-m ah --ahres;=;OK
-m ah --ahspi 4:9 --ahres;=;OK
-m ah ! --ahspi 4:9 ! --ahlen 5;=;OK
@family 4
*filter
:INPUT
-p ah -m ah --ahspi 5;ah 192.0.2.9 > 198.51.100.2 data 0x06040000000000050000000100000000000000000000000000;match
-p ah -m ah --ahspi 6:9;ah 192.0.2.9 > 198.51.100.2 data 0x06040000000000050000000100000000000000000000000000;no
-p ah -m ah ! --ahspi 0:4294967295;ah 192.0.2.9 > 198.51.100.2 data 0x06040000000000050000000100000000000000000000000000;no
-p ah -m ah --ahspi 9:2;ah 192.0.2.9 > 198.51.100.2 data 0x06040000000000050000000100000000000000000000000000;no
-p ah -m ah;ah 192.0.2.9 > 198.51.100.2 data 0x0604000000000005000000;hotdrop
-p ah -m ah;ah 192.0.2.9 > 198.51.100.2 data 0x060400000000000500000001;match
-p ah -m ah ! --ahspi 5;ah 192.0.2.9 > 198.51.100.2 frag 4 data 0x06040000000000060000000100000000;no
@family 6
*filter
:INPUT
-m ah --ahspi 5 --ahlen 16;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 51:0x00020000000000050000000100000000;match
-m ah --ahlen 20;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 51:0x00020000000000050000000100000000;no
-m ah ! --ahlen 20 --ahres;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 51:0x00020000000000050000000100000000;match
-m ah --ahres;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 51:0x00020009000000050000000100000000;no
-m ah ! --ahlen 0;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 51:0x00020000000000050000000100000000;match
-m ah ! --ahspi 6;udp [2001:db8::9]:1 > [2001:db8::1]:2;no
-m ah;ah [2001:db8::9] > [2001:db8::1] data 0x060400000000000500000000;hotdrop
