# ttl: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m ttl;;FAIL
-m ttl --ttl 5;-m ttl --ttl-eq 5;OK
-m ttl --ttl-eq 5;=;OK
-m ttl ! --ttl-eq 5;=;OK
-m ttl --ttl-lt 5;=;OK
-m ttl --ttl-gt 5;=;OK
-m ttl ! --ttl-lt 5;;FAIL
-m ttl ! --ttl-gt 5;;FAIL
-m ttl --ttl-eq 5 --ttl-gt 4;;FAIL
-m ttl --ttl-gt 5 --ttl-lt 4;;FAIL
-m ttl --ttl-gt 5 --ttl-gt 4;;FAIL
-m ttl --ttl-eq 5 --ttl-eq 4;;FAIL
-m ttl --ttl-lt 3 --ttl-eq 5;;FAIL
-m ttl --ttl-eq 0;=;OK
-m ttl --ttl-eq 255;=;OK
-m ttl --ttl-eq 256;;FAIL
-m ttl --ttl-gt 255;=;OK
-m ttl --ttl-lt 0;=;OK
-m ttl --ttl-lt 256;;FAIL
-m ttl --ttl-eq foo;;FAIL
-m ttl --ttl-eq "";;FAIL
-m ttl --ttl-eq 0x10;-m ttl --ttl-eq 16;OK
-m ttl ! --ttl 5;-m ttl ! --ttl-eq 5;OK
-m ttl --ttl 5 --ttl-eq 6;;FAIL
-m ttl --ttl-eq 6 --ttl 5;;FAIL
@family 6
-m ttl --ttl-eq 5;;FAIL
@family 4
-m ttl --ttl-eq 7;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;match
-m ttl ! --ttl-eq 7;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;no
-m ttl --ttl-lt 7;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;no
-m ttl --ttl-lt 8;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;match
-m ttl --ttl-gt 7;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;no
-m ttl --ttl-gt 6;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;match
-m ttl --ttl-lt 0;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;no
-m ttl --ttl-gt 255;udp 192.0.2.9:1 > 198.51.100.2:2 ttl 7;no
