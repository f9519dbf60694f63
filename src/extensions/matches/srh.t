# srh: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-m srh;=;OK
-m srh --srh-next-hdr tcp;;FAIL
-m srh --srh-next-hdr 300;;FAIL
-m srh ! --srh-next-hdr 17;=;OK
-m srh --srh-next-hdr 0x11;-m srh --srh-next-hdr 17;OK
-m srh --srh-hdr-len-eq 8;=;OK
-m srh --srh-hdr-len-eq 8 --srh-hdr-len-gt 3;-m srh --srh-hdr-len-eq 3 --srh-hdr-len-gt 3;OK
-m srh --srh-hdr-len-gt 3 --srh-hdr-len-lt 9 --srh-hdr-len-eq 5;-m srh --srh-hdr-len-eq 5 --srh-hdr-len-gt 5 --srh-hdr-len-lt 5;OK
-m srh --srh-hdr-len-eq 256;;FAIL
-m srh --srh-hdr-len-eq 8 --srh-hdr-len-eq 9;;FAIL
-m srh --srh-segs-left-eq 1 ! --srh-segs-left-gt 2 --srh-segs-left-lt 3;-m srh --srh-segs-left-eq 3 ! --srh-segs-left-gt 3 --srh-segs-left-lt 3;OK
-m srh --srh-last-entry-eq 1 --srh-last-entry-gt 2 ! --srh-last-entry-lt 3;-m srh --srh-last-entry-eq 3 --srh-last-entry-gt 3 ! --srh-last-entry-lt 3;OK
-m srh --srh-tag 5;=;OK
-m srh --srh-tag 0x10;-m srh --srh-tag 16;OK
-m srh --srh-tag 65536;;FAIL
-m srh ! --srh-tag 65535;=;OK
-m srh --srh-psid a::/64;=;OK
-m srh --srh-psid a::1;-m srh --srh-psid a::1/128;OK
-m srh --srh-psid a::1/64;=;OK
-m srh ! --srh-psid a::1/64 ! --srh-nsid b::1 ! --srh-lsid c::/16;-m srh ! --srh-psid a::1/64 ! --srh-nsid b::1/128 ! --srh-lsid c::/16;OK
-m srh --srh-psid ::/0;=;OK
-m srh --srh-psid a::1/ffff::;-m srh --srh-psid a::1/16;OK
-m srh --srh-psid a::1/ffff:0:ffff::;-m srh --srh-psid a::1/128;OK
-m srh --srh-psid a::1,b::1;;FAIL
-m srh --srh-psid foo;;FAIL
-m srh --srh-psid a::1/129;;FAIL
-m srh --srh-psid 0;;FAIL
-m srh --srh-next-hdr 17 --srh-hdr-len-eq 8 --srh-segs-left-gt 1 --srh-last-entry-lt 4 --srh-tag 7 --srh-psid a::/64 --srh-nsid b::/128 --srh-lsid c::;-m srh --srh-next-hdr 17 --srh-hdr-len-eq 8 --srh-segs-left-gt 1 --srh-last-entry-lt 4 --srh-tag 7 --srh-psid a::/64 --srh-nsid b::/128 --srh-lsid c::/128;OK
-m srh ! --srh-hdr-len-eq 1 ! --srh-hdr-len-gt 2 ! --srh-hdr-len-lt 3 ! --srh-segs-left-eq 4 ! --srh-segs-left-gt 5 ! --srh-segs-left-lt 6 ! --srh-last-entry-eq 7 ! --srh-last-entry-gt 8 ! --srh-last-entry-lt 9 ! --srh-tag 10 ! --srh-next-hdr 11 ! --srh-lsid ::1;-m srh ! --srh-next-hdr 11 ! --srh-hdr-len-eq 3 ! --srh-hdr-len-gt 3 ! --srh-hdr-len-lt 3 ! --srh-segs-left-eq 6 ! --srh-segs-left-gt 6 ! --srh-segs-left-lt 6 ! --srh-last-entry-eq 9 ! --srh-last-entry-gt 9 ! --srh-last-entry-lt 9 ! --srh-tag 10 ! --srh-lsid ::1/128;OK
-m srh --srh-psid "";;FAIL
-m srh --srh-hdr-len-eq x;;FAIL
@family 6
*filter
:INPUT
-m srh --srh-segs-left-eq 1 --srh-last-entry-eq 1 --srh-hdr-len-eq 4 --srh-psid 2001:db8::9;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404010100000020010db800000000000000000000000620010db8000000000000000000000005;no
-m srh --srh-nsid 2001:db8::6 --srh-lsid 2001:db8::/64;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404010100000020010db800000000000000000000000620010db8000000000000000000000005;match
-m srh --srh-psid 2001:db8::5;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404000100000020010db800000000000000000000000620010db8000000000000000000000005;match
-m srh ! --srh-nsid ::1;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404000100000020010db800000000000000000000000620010db8000000000000000000000005;no
-m srh --srh-hdr-len-gt 3 ! --srh-segs-left-lt 1 --srh-next-hdr 17;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404010100000020010db800000000000000000000000620010db8000000000000000000000005;match
-m srh --srh-hdr-len-eq 9 --srh-hdr-len-lt 5;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404010100000020010db800000000000000000000000620010db8000000000000000000000005;no
-m srh --srh-tag 256;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404010100000120010db800000000000000000000000620010db8000000000000000000000005;match
-m srh --srh-tag 1;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404010100000120010db800000000000000000000000620010db8000000000000000000000005;no
-m srh;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000404020100000020010db800000000000000000000000620010db8000000000000000000000005;no
-m srh ! --srh-tag 9;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 43:0x000202010000000020010db8000000000000000000000005;no
-m srh;43 [2001:db8::9] > [2001:db8::1] raw data 0x1102040000000000;no
