# connmark: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m connmark --mark 1;-m connmark --mark 0x1;OK
-m connmark --mark 1/0xff;-m connmark --mark 0x1/0xff;OK
-m connmark ! --mark 1/0xff;-m connmark ! --mark 0x1/0xff;OK
-m connmark ! --mark 0;-m connmark ! --mark 0x0;OK
-m connmark --mark foo;;FAIL
-m connmark;;FAIL
-m connmark --mark 256/255;-m connmark --mark 0x100/0xff;OK
-m connmark --mark 0x0;udp 192.0.2.9:1 > 198.51.100.2:2 ct INVALID;no
-m connmark ! --mark 0x1;udp 192.0.2.9:1 > 198.51.100.2:2 ct UNTRACKED;no
