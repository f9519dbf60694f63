# helper: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m helper --helper ftp;=;OK
-m helper ! --helper ftp;=;OK
-m helper --helper "";=;OK
-m helper --helper "a b";=;OK
-m helper --helper aaaaaaaaaabbbbbbbbbbcccccccccc;-m helper --helper aaaaaaaaaabbbbbbbbbbccccccccc;OK
-m helper --helper aaaaaaaaaabbbbbbbbbbccccccccc;=;OK
-m helper --helper ftp-2121;=;OK
-m helper --helper ftp --helper tftp;;FAIL
-m helper;;FAIL
@family 6
-m helper --helper ftp;=;OK
@family 4
*filter
:INPUT
-m helper --helper ftp;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m helper ! --helper ftp;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m helper --helper "";udp 192.0.2.9:1 > 198.51.100.2:2;no
