# nfacct: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m nfacct ! --nfacct-name x;;FAIL
-m nfacct --nfacct-name "";;FAIL
-m nfacct --nfacct-name x --nfacct-name x;;FAIL
@family 4
*filter
:INPUT
-m nfacct --nfacct-name x;-m nfacct --nfacct-name  x;OK
-m nfacct --nfacct-name x;udp 192.0.2.9:1 > 198.51.100.2:2;match
