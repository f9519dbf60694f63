# ipv6header: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 6
:INPUT
-m ipv6header;;FAIL
-m ipv6header --soft;;FAIL
-m ipv6header --header hop;-m ipv6header --header hop-by-hop;OK
-m ipv6header --header hop,dst,route,frag,auth,esp,none,prot;-m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol;OK
-m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol;=;OK
-m ipv6header --header 0,60,43,44,51,50,59;-m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt;OK
-m ipv6header --header 0,60,43,44,51,50,59,255 --soft;-m ipv6header --header hop-by-hop,ipv6-opts,ipv6-route,ipv6-frag,ah,esp,ipv6-nonxt,protocol --soft;OK
-m ipv6header ! --header hop,frag --soft;-m ipv6header ! --header hop-by-hop,ipv6-frag --soft;OK
-m ipv6header --header 6;;FAIL
-m ipv6header --header tcp;;FAIL
-m ipv6header --header "";;FAIL
-m ipv6header --header hop,;-m ipv6header --header hop-by-hop;OK
-m ipv6header --header HOP;;FAIL
-m ipv6header --header ho;;FAIL
-m ipv6header --header hop --header dst;;FAIL
-m ipv6header ! --header 0;-m ipv6header ! --header hop-by-hop;OK
-m ipv6header ! --soft --header 0;;FAIL
-m ipv6header --header 0x2c;;FAIL
-m ipv6header --header 255;-m ipv6header --header protocol;OK
-m ipv6header --header proto;;FAIL
-m ipv6header --header prot;-m ipv6header --header protocol;OK
-m ipv6header --header icmpv6;;FAIL
-m ipv6header --header hop-by-hop,hop;-m ipv6header --header hop-by-hop;OK
-m ipv6header --header 59;-m ipv6header --header ipv6-nonxt;OK
-m ipv6header --header ",";;FAIL
-m ipv6header --header ",hop";-m ipv6header --header hop-by-hop;OK
-m ipv6header --header "hop,,dst";-m ipv6header --header hop-by-hop,ipv6-opts;OK
-m ipv6header --header esp,ah;-m ipv6header --header ah,esp;OK
-m ipv6header --header ipv6-icmp;;FAIL
-m ipv6header --header "hop dst";;FAIL
@family 6
*filter
:INPUT
-m ipv6header --header hop,prot;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;match
-m ipv6header --header hop;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;no
-m ipv6header --header hop --soft;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;match
-m ipv6header ! --header hop;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;match
-m ipv6header ! --header dst,frag --soft;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;match
-m ipv6header ! --header dst,hop --soft;udp [2001:db8::9]:1 > [2001:db8::1]:2 ext 0:0x0000050200000100;no
-m ipv6header ! --header dst;60 [2001:db8::9] > [2001:db8::1] raw data 0x3c;no
