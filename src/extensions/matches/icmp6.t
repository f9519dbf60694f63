# icmp6: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-p icmpv6 -m icmp6 --icmpv6-type 1;;FAIL
@family 6
-p icmpv6 --icmpv6-type echo-request;-p ipv6-icmp -m icmp6 --icmpv6-type 128;OK
-p ipv6-icmp --icmpv6-type ping;-p ipv6-icmp -m icmp6 --icmpv6-type 128;OK
-p 58 -m icmp6 --icmpv6-type ping;-p ipv6-icmp -m icmp6 --icmpv6-type 128;OK
-p ipv6-icmp -m icmpv6 --icmpv6-type ping;-p ipv6-icmp -m icmp6 --icmpv6-type 128;OK
-p ipv6-icmp -m ipv6-icmp --icmpv6-type ping;-p ipv6-icmp -m icmp6 --icmpv6-type 128;OK
-p ipv6-icmp -m icmp6;;FAIL
-p ipv6-icmp --icmpv6-type 1;-p ipv6-icmp -m icmp6 --icmpv6-type 1;OK
-p ipv6-icmp --icmpv6-type 1/0;-p ipv6-icmp -m icmp6 --icmpv6-type 1/0;OK
-p ipv6-icmp --icmpv6-type 1/7;-p ipv6-icmp -m icmp6 --icmpv6-type 1/7;OK
-p ipv6-icmp --icmpv6-type 255;-p ipv6-icmp -m icmp6 --icmpv6-type 255;OK
-p ipv6-icmp --icmpv6-type any;;FAIL
-p ipv6-icmp --icmpv6-type 255/255;-p ipv6-icmp -m icmp6 --icmpv6-type 255/255;OK
-p ipv6-icmp --icmpv6-type 256;;FAIL
-p ipv6-icmp --icmpv6-type 3/1;-p ipv6-icmp -m icmp6 --icmpv6-type 3/1;OK
-p ipv6-icmp ! --icmpv6-type 3/1;-p ipv6-icmp -m icmp6 ! --icmpv6-type 3/1;OK
-p ipv6-icmp --icmpv6-type neigh;;FAIL
-p ipv6-icmp --icmpv6-type neighbor-s;-p ipv6-icmp -m icmp6 --icmpv6-type 135;OK
-p ipv6-icmp --icmpv6-type neighbour-a;-p ipv6-icmp -m icmp6 --icmpv6-type 136;OK
-p ipv6-icmp --icmpv6-type 137;-p ipv6-icmp -m icmp6 --icmpv6-type 137;OK
-p ipv6-icmp --icmpv6-type 1 --icmpv6-type 2;;FAIL
-p ipv6-icmp --icmpv6-type foo;;FAIL
-p ipv6-icmp --icmp6-type 1;;FAIL
-p ipv6-icmp --icmpv6-type 2/3:5;-p ipv6-icmp -m icmp6 --icmpv6-type 2/3;OK
-m icmp6 --icmpv6-type 1;;FAIL
-p icmp -m icmp6 --icmpv6-type 1;;FAIL
-p ipv6-icmp -m icmp6 --icmpv6-type 128;icmpv6 2001:db8::9 > 2001:db8:5::2 echo-request;match
-p ipv6-icmp -m icmp6 ! --icmpv6-type 128;icmpv6 2001:db8::9 > 2001:db8:5::2 echo-request;no
-p ipv6-icmp -m icmp6 --icmpv6-type 255;icmpv6 2001:db8::9 > 2001:db8:5::2 echo-request;no
-p ipv6-icmp -m icmp6 --icmpv6-type 1/0;icmpv6 2001:db8::9 > 2001:db8:5::2 1/4;no
-p ipv6-icmp -m icmp6 ! --icmpv6-type 128;icmpv6 2001:db8::9 > 2001:db8:5::2 raw data 0x8000;hotdrop
-p ipv6-icmp -m icmp6 ! --icmpv6-type 128;icmpv6 2001:db8::9 > 2001:db8:5::2 frag 5 data 0x8000000000000000;no
