# connbytes: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m connbytes --connbytes 5 --connbytes-mode bytes --connbytes-dir both;=;OK
-m connbytes --connbytes 5: --connbytes-mode bytes --connbytes-dir both;-m connbytes --connbytes 5 --connbytes-mode bytes --connbytes-dir both;OK
-m connbytes --connbytes :5 --connbytes-mode bytes --connbytes-dir both;-m connbytes --connbytes 0:5 --connbytes-mode bytes --connbytes-dir both;OK
-m connbytes --connbytes : --connbytes-mode bytes --connbytes-dir both;-m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both;OK
-m connbytes --connbytes "" --connbytes-mode bytes --connbytes-dir both;-m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both;OK
-m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both;=;OK
-m connbytes --connbytes 5:5 --connbytes-mode bytes --connbytes-dir both;=;OK
-m connbytes --connbytes 10:5 --connbytes-mode bytes --connbytes-dir both;;FAIL
-m connbytes ! --connbytes 5:10 --connbytes-mode bytes --connbytes-dir both;=;OK
-m connbytes ! --connbytes 5 --connbytes-mode bytes --connbytes-dir both;=;OK
-m connbytes ! --connbytes 0 --connbytes-mode bytes --connbytes-dir both;=;OK
-m connbytes ! --connbytes 0:0 --connbytes-mode bytes --connbytes-dir both;-m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both;OK
-m connbytes --connbytes 1:2:3 --connbytes-mode bytes --connbytes-dir both;;FAIL
-m connbytes --connbytes 5x --connbytes-mode bytes --connbytes-dir both;;FAIL
-m connbytes --connbytes 5 --connbytes-mode BYTES --connbytes-dir both;;FAIL
-m connbytes --connbytes 5 --connbytes-mode byte --connbytes-dir both;;FAIL
-m connbytes --connbytes 5 --connbytes-mode avgpkt --connbytes-dir Both;;FAIL
-m connbytes --connbytes 5 --connbytes-mode avgpkt --connbytes-dir orig;;FAIL
-m connbytes --connbytes 5 --connbytes-mode avgpkt --connbytes-dir reply;=;OK
-m connbytes --connbytes 18446744073709551615 --connbytes-mode avgpkt --connbytes-dir reply;=;OK
-m connbytes --connbytes 0x10:0x20 --connbytes-mode packets --connbytes-dir original;-m connbytes --connbytes 16:32 --connbytes-mode packets --connbytes-dir original;OK
-m connbytes --connbytes 5 --connbytes 6 --connbytes-mode packets --connbytes-dir original;;FAIL
-m connbytes ! --connbytes-mode packets --connbytes 5 --connbytes-dir original;;FAIL
-m connbytes --connbytes 5 ! --connbytes-dir original --connbytes-mode packets;;FAIL
-m connbytes;;FAIL
@family 6
-m connbytes --connbytes 5:6 --connbytes-mode packets --connbytes-dir both;=;OK
@family 4
*filter
:INPUT
-m connbytes --connbytes 0 --connbytes-mode packets --connbytes-dir original;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode packets --connbytes-dir reply;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode packets --connbytes-dir both;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir original;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir reply;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode bytes --connbytes-dir both;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir original;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir reply;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes --connbytes 0 --connbytes-mode avgpkt --connbytes-dir both;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m connbytes ! --connbytes 5:10 --connbytes-mode packets --connbytes-dir original;udp 192.0.2.9:1 > 198.51.100.2:2;no
