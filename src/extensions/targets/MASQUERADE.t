# MASQUERADE: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*nat
@family 6
:POSTROUTING
-j MASQUERADE;=;OK
-p udp -j MASQUERADE --to-ports 1024-65535;=;OK
-j MASQUERADE --random --random-fully;=;OK
-p udp -j MASQUERADE --to-ports 1024-65536;;FAIL
-p icmpv6 -j MASQUERADE --to-ports 80;;FAIL
*nat
@family 4
:POSTROUTING
-j MASQUERADE;=;OK
-p tcp -j MASQUERADE --to-ports 1024;=;OK
-p udp -j MASQUERADE --to-ports 1024-65535;=;OK
-p udp -j MASQUERADE --to-ports 1024-1024;-p udp -j MASQUERADE --to-ports 1024;OK
-p udp -j MASQUERADE --to-ports 0;=;OK
-p udp -j MASQUERADE --to-ports 0-5;=;OK
-p udp -j MASQUERADE --to-ports ssh;-p udp -j MASQUERADE --to-ports 22;OK
-p udp -j MASQUERADE --to-ports 10-20/5;-p udp -j MASQUERADE --to-ports 10-20/0;OK
-p icmp -j MASQUERADE --to-ports 1024;=;OK
-j MASQUERADE --random;=;OK
-j MASQUERADE --random-fully;=;OK
-j MASQUERADE --random --random-fully;=;OK
-p udp -j MASQUERADE --to-ports 1024-2000 --random;=;OK
! -p tcp -j MASQUERADE --to-ports 80;=;OK
-p tcp -j MASQUERADE --to-ports 80-80/5;-p tcp -j MASQUERADE --to-ports 80/0;OK
-p udp -j MASQUERADE --to-ports 65535-1024;;FAIL
-p udp -j MASQUERADE --to-ports 1024-65536;;FAIL
-p udp -j MASQUERADE --to-ports 65536;;FAIL
-p udp -j MASQUERADE --to-ports 10-;;FAIL
-p udp -j MASQUERADE --to-ports 10:20;;FAIL
-p udp -j MASQUERADE --to-ports "";;FAIL
-j MASQUERADE --to-ports 1024;;FAIL
-j MASQUERADE --persistent;;FAIL
*filter
@family 4
:INPUT
-j MASQUERADE;;FAIL
