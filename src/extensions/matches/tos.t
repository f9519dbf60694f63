# tos: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m tos;;FAIL
-m tos --tos 0x10;-m tos --tos 0x10/0xff;OK
-m tos --tos 16;-m tos --tos 0x10/0xff;OK
-m tos --tos 0x10/0xff;=;OK
-m tos --tos 0x10/0x3f;=;OK
-m tos ! --tos 0x10/0x3f;=;OK
-m tos --tos Minimize-Delay;-m tos --tos 0x10/0x3f;OK
-m tos --tos minimize-delay;-m tos --tos 0x10/0x3f;OK
-m tos --tos Minimize-;;FAIL
-m tos --tos Normal-Service;-m tos --tos 0x00/0x3f;OK
-m tos ! --tos Normal-Service;-m tos ! --tos 0x00/0x3f;OK
-m tos --tos Maximize-Throughput;-m tos --tos 0x08/0x3f;OK
-m tos --tos Maximize-Reliability;-m tos --tos 0x04/0x3f;OK
-m tos --tos Minimize-Cost;-m tos --tos 0x02/0x3f;OK
-m tos --tos 0;-m tos --tos 0x00/0xff;OK
-m tos --tos 255;-m tos --tos 0xff/0xff;OK
-m tos --tos 256;;FAIL
-m tos --tos 1/256;;FAIL
-m tos --tos 0x00/0x3f;=;OK
-m tos --tos 0x02/0x3f;=;OK
-m tos --tos 0x3/0x3f;-m tos --tos 0x03/0x3f;OK
-m tos --tos 0xff/0x1;-m tos --tos 0xff/0x01;OK
-m tos --tos foo;;FAIL
-m tos --tos "";;FAIL
-m tos --tos 1/;;FAIL
-m tos --tos 1/foo;;FAIL
-m tos --tos 010;-m tos --tos 0x08/0xff;OK
-m tos --tos 1 --tos 2;;FAIL
-m tos ! --tos 0xf;-m tos ! --tos 0x0f/0xff;OK
@family 6
-m tos --tos 0x10;-m tos --tos 0x10/0xff;OK
-m tos --tos Minimize-Delay;-m tos --tos 0x10/0x3f;OK
@family 4
-m tos --tos 0x10/0x3f;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0x50;match
-m tos --tos 0x10/0xff;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0x50;no
-m tos ! --tos 0x10/0xff;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0x50;match
-m tos --tos 0xff/0x01;udp 192.0.2.9:1 > 198.51.100.2:2 tos 0xff;no
-m tos --tos Normal-Service;udp 192.0.2.9:1 > 198.51.100.2:2;match
@family 6
-m tos --tos 0x50/0xff;udp [2001:db8::9]:1 > [2001:db8:5::2]:2 tos 0x50;match
