# esp: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-p esp -m esp;=;OK
-p esp --espspi 5;-p esp -m esp --espspi 5;OK
-p esp -m esp ! --espspi 5:8;=;OK
-p esp -m esp ! --espspi 0:4294967295;-p esp -m esp;OK
-p esp -m esp --espspi 9:2;=;OK
-m esp --espspi 9;;FAIL
@family 6
-p esp -m esp ! --espspi 5:8;=;OK
-p esp -m esp --espspi 5;=;OK
-m esp --espspi 5;;FAIL
@family 4
*filter
:INPUT
-p esp -m esp --espspi 5:8;esp 192.0.2.9 > 198.51.100.2 data 0x0000000700000001aabb;match
-p esp -m esp ! --espspi 5:8;esp 192.0.2.9 > 198.51.100.2 data 0x0000000700000001aabb;no
-p esp -m esp ! --espspi 5:8;esp 192.0.2.9 > 198.51.100.2 frag 2 data 0x0000000900000001aabb;no
-p esp -m esp;esp 192.0.2.9 > 198.51.100.2 data 0x00000007000000;hotdrop
