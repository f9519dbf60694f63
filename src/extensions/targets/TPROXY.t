# TPROXY: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*mangle
@family 4
:PREROUTING
-p tcp -j TPROXY;;FAIL
-p tcp -j TPROXY --on-port 50;-p tcp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port 0;-p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port 65536;-p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port http;-p tcp -j TPROXY --on-port 80 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port foo;;FAIL
-p tcp -j TPROXY --on-port 5:6;;FAIL
-p tcp -j TPROXY --on-ip 1.2.3.4;;FAIL
-p tcp -j TPROXY --on-port 50 --on-ip 1.2.3.4;-p tcp -j TPROXY --on-port 50 --on-ip 1.2.3.4 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port 50 --on-ip 0.0.0.0;-p tcp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p udp -j TPROXY --on-port 50 --tproxy-mark 1;-p udp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x1/0xffffffff;OK
-p udp -j TPROXY --on-port 50 --tproxy-mark 1/1;-p udp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x1/0x1;OK
-p udp -j TPROXY --on-port 50 --tproxy-mark 0x100/0xff;-p udp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x100/0xff;OK
-p udp -j TPROXY --on-port 50 --tproxy-mark 0/0;-p udp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p udp -j TPROXY --on-port 50 --tproxy-mark 0;-p udp -j TPROXY --on-port 50 --on-ip 0.0.0.0 --tproxy-mark 0x0/0xffffffff;OK
-p udp -j TPROXY --on-port 50 --tproxy-mark x;;FAIL
-p udplite -j TPROXY --on-port 50;;FAIL
-p icmp -j TPROXY --on-port 50;;FAIL
! -p tcp -j TPROXY --on-port 50;;FAIL
-j TPROXY --on-port 50;;FAIL
-p tcp -j TPROXY --on-port 0x50;;FAIL
-p tcp -j TPROXY --on-port -1;;FAIL
-p tcp -j TPROXY --on-port "";-p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port 70000;-p tcp -j TPROXY --on-port 4464 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port 4294967296;-p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port domain;-p tcp -j TPROXY --on-port 53 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p udp -j TPROXY --on-port tftp;-p udp -j TPROXY --on-port 69 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port tftp;-p tcp -j TPROXY --on-port 69 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0;OK
:INPUT
-p tcp -j TPROXY --on-port 50;;FAIL
*filter
:INPUT
-p tcp -j TPROXY --on-port 50;;FAIL
*nat
:PREROUTING
-p tcp -j TPROXY --on-port 50;;FAIL
*mangle
@family 6
:PREROUTING
-p tcp -j TPROXY --on-port 50 --on-ip 2001:db8::1 --tproxy-mark 0x23/0xff;=;OK
-p tcp -j TPROXY --on-port 50;-p tcp -j TPROXY --on-port 50 --on-ip :: --tproxy-mark 0x0/0x0;OK
-p tcp -j TPROXY --on-port 50 --on-ip ::;-p tcp -j TPROXY --on-port 50 --on-ip :: --tproxy-mark 0x0/0x0;OK
-p udplite -j TPROXY --on-port 50;;FAIL
