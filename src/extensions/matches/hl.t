# hl: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m hl --hl-eq 5;;FAIL
@family 6
-m hl;;FAIL
-m hl --hl-eq 5;=;OK
-m hl ! --hl-eq 5;=;OK
-m hl --hl-lt 5;=;OK
-m hl --hl-gt 5;=;OK
-m hl ! --hl-lt 5;;FAIL
-m hl --hl-eq 5 --hl-gt 4;;FAIL
-m hl --hl-gt 5 --hl-lt 4;;FAIL
-m hl --hl-eq 256;;FAIL
-m hl --hl 5;-m hl --hl-eq 5;OK
-m hl --hl-lt 0;=;OK
-m hl --hl-eq 7;udp [2001:db8::9]:1 > [2001:db8:5::2]:2 ttl 7;match
-m hl ! --hl-eq 7;udp [2001:db8::9]:1 > [2001:db8:5::2]:2 ttl 7;no
-m hl --hl-lt 7;udp [2001:db8::9]:1 > [2001:db8:5::2]:2 ttl 7;no
-m hl --hl-gt 6;udp [2001:db8::9]:1 > [2001:db8:5::2]:2 ttl 7;match
