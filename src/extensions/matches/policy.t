# policy: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m policy;;FAIL
-m policy --dir in;-m policy --dir in --pol ipsec;OK
-m policy --pol ipsec;;FAIL
-m policy --dir in --pol none;=;OK
-m policy --dir in --pol ipsec;=;OK
-m policy --dir out --pol ipsec;;FAIL
-m policy ! --dir in --pol ipsec;;FAIL
-m policy --dir foo --pol ipsec;;FAIL
-m policy --dir in --pol foo;;FAIL
-m policy --dir in --pol none --strict;;FAIL
-m policy --dir in --pol none --reqid 5;-m policy --dir in --pol none;OK
-m policy --dir in --pol ipsec --reqid 5;=;OK
-m policy --dir in --pol ipsec ! --reqid 5;=;OK
-m policy --dir in --pol ipsec --reqid 5 --reqid 6;;FAIL
-m policy --dir in --pol ipsec --spi 5;-m policy --dir in --pol ipsec --spi 0x5;OK
-m policy --dir in --pol ipsec ! --spi 0x10;=;OK
-m policy --dir in --pol ipsec --spi 5 --spi 6;;FAIL
-m policy --dir in --pol ipsec --proto esp;=;OK
-m policy --dir in --pol ipsec --proto ah;=;OK
-m policy --dir in --pol ipsec --proto ipcomp;=;OK
-m policy --dir in --pol ipsec --proto 50;-m policy --dir in --pol ipsec --proto esp;OK
-m policy --dir in --pol ipsec --proto tcp;;FAIL
-m policy --dir in --pol ipsec ! --proto esp;=;OK
-m policy --dir in --pol ipsec --proto foo;;FAIL
-m policy --dir in --pol ipsec --proto esp --proto ah;;FAIL
-m policy --dir in --pol ipsec --mode tunnel;=;OK
-m policy --dir in --pol ipsec --mode transport;=;OK
-m policy --dir in --pol ipsec ! --mode tunnel;=;OK
-m policy --dir in --pol ipsec --mode foo;;FAIL
-m policy --dir in --pol ipsec --mode tunnel --mode tunnel;;FAIL
-m policy --dir in --pol ipsec --tunnel-src 10.0.0.1;;FAIL
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.1;=;OK
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.1/24 --tunnel-dst 10.0.0.2/255.0.255.0;-m policy --dir in --pol ipsec --mode tunnel --tunnel-dst 10.0.0.2 --tunnel-src 10.0.0.1/24;OK
-m policy --dir in --pol ipsec --mode tunnel ! --tunnel-src 10.0.0.1/24 ! --tunnel-dst 0.0.0.0/0;-m policy --dir in --pol ipsec --mode tunnel ! --tunnel-dst 0.0.0.0/0 ! --tunnel-src 10.0.0.1/24;OK
-m policy --dir in --pol ipsec --mode transport --tunnel-src 10.0.0.1;;FAIL
-m policy --dir in --pol ipsec ! --mode tunnel --tunnel-src 10.0.0.1;;FAIL
-m policy --dir in --pol ipsec ! --mode transport --tunnel-src 10.0.0.1;=;OK
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src foo;;FAIL
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 10.0.0.1 --tunnel-src 10.0.0.2;;FAIL
-m policy --dir in --pol ipsec --strict;;FAIL
-m policy --dir in --pol ipsec --strict --reqid 1;=;OK
-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2;=;OK
-m policy --dir in --pol ipsec --strict --reqid 1 --next;;FAIL
-m policy --dir in --pol ipsec --reqid 1 --next --reqid 2;;FAIL
-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4;=;OK
-m policy --dir in --pol ipsec --strict --reqid 1 --next --reqid 2 --next --reqid 3 --next --reqid 4 --next --reqid 5;;FAIL
-m policy --dir in --pol ipsec --strict --strict --reqid 1;;FAIL
-m policy --dir in --dir out --pol ipsec;;FAIL
-m policy --dir in --pol ipsec --pol none;;FAIL
-m policy --dir in --pol none --next;;FAIL
-m policy --dir in --pol none --strict --next;;FAIL
-m policy --dir in --pol ipsec --reqid 4294967296;;FAIL
-m policy --dir in --pol ipsec --spi 4294967295;-m policy --dir in --pol ipsec --spi 0xffffffff;OK
-m policy --next --strict --dir in --pol ipsec --reqid 1;;FAIL
-m policy --dir in --pol ipsec --strict ! --reqid 1 ! --spi 2 ! --proto ah ! --mode transport ! --tunnel-src 1.2.3.4 ! --tunnel-dst 1.2.3.5 --next --proto ah;-m policy --dir in --pol ipsec --strict ! --reqid 1 ! --spi 0x2 ! --proto ah ! --mode transport ! --tunnel-dst 1.2.3.5 ! --tunnel-src 1.2.3.4 --next --proto ah;OK
:FORWARD
-m policy --dir in --pol ipsec;=;OK
-m policy --dir out --pol ipsec;=;OK
:OUTPUT
-m policy --dir in --pol ipsec;;FAIL
-m policy --dir out --pol ipsec;=;OK
*mangle
:PREROUTING
-m policy --dir out --pol none;;FAIL
-m policy --dir in --pol none;=;OK
:POSTROUTING
-m policy --dir out --pol none;=;OK
-m policy --dir in --pol none;;FAIL
@family 6
-m policy --dir out --pol ipsec --mode tunnel --tunnel-src 2001:db8::1/64 --tunnel-dst ::1;-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst ::1 --tunnel-src 2001:db8::1/64;OK
-m policy --dir out --pol ipsec --mode tunnel --tunnel-src 2001:db8::1/ffff:: --tunnel-dst ::/0;-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst ::/0 --tunnel-src 2001:db8::1/16;OK
-m policy --dir out --pol ipsec --mode tunnel --tunnel-src 2001:db8::1/ffff::1 --tunnel-dst ::/0;-m policy --dir out --pol ipsec --mode tunnel --tunnel-dst ::/0 --tunnel-src 2001:db8::1;OK
@family 4
*filter
:INPUT
-m policy --dir in --pol none;udp 192.0.2.9:1 > 198.51.100.2:2;match
-m policy --dir in --pol ipsec;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m policy --dir in --pol ipsec;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp;match
-m policy --dir in --pol none;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp;no
-m policy --dir in --pol ipsec --proto esp;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256;match
-m policy --dir in --pol ipsec --proto ah;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256;no
-m policy --dir in --pol ipsec ! --proto ah;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256;match
-m policy --dir in --pol ipsec --spi 0x10000;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256;match
-m policy --dir in --pol ipsec --spi 0x100;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256;no
-m policy --dir in --pol ipsec ! --spi 0x100;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256;match
-m policy --dir in --pol ipsec --reqid 7;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256:7;match
-m policy --dir in --pol ipsec ! --reqid 7;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256:7;no
-m policy --dir in --pol ipsec --mode tunnel;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256:7;no
-m policy --dir in --pol ipsec --mode transport;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256:7;match
-m policy --dir in --pol ipsec --mode tunnel --tunnel-src 192.0.2.0/24;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256:7@192.0.2.1-198.51.100.1;match
-m policy --dir in --pol ipsec --mode tunnel ! --tunnel-dst 198.51.100.1;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin esp:256:7@192.0.2.1-198.51.100.1;no
-m policy --dir in --pol ipsec --proto ah;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin ah,esp:256;match
-m policy --dir in --pol ipsec --strict --proto esp;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin ah,esp;no
-m policy --dir in --pol ipsec --strict --proto esp --next --proto ah;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin ah,esp;match
-m policy --dir in --pol ipsec --strict --proto ah --next --proto esp;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecin ah,esp;no
@family 4
*filter
:OUTPUT
-m policy --dir out --pol ipsec --proto esp;udp 192.0.2.9:1 > 198.51.100.2:2 ipsecout esp;match
-m policy --dir out --pol none;udp 192.0.2.9:1 > 198.51.100.2:2;match
