# REDIRECT: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*nat
@family 4
:OUTPUT
-j REDIRECT;=;OK
:PREROUTING
-j REDIRECT;=;OK
-p tcp -j REDIRECT --to-ports 42;=;OK
-p tcp -j REDIRECT --to-port 42;-p tcp -j REDIRECT --to-ports 42;OK
-p tcp -j REDIRECT --to-ports 42-1234;=;OK
-p tcp -j REDIRECT --to-ports 42-1234 --random;=;OK
-p tcp -j REDIRECT --to-ports 0;=;OK
-p tcp -j REDIRECT --to-ports ssh;-p tcp -j REDIRECT --to-ports 22;OK
-p icmp -j REDIRECT --to-ports 42;=;OK
-j REDIRECT --random;=;OK
-p udp -j REDIRECT --to-ports domain;-p udp -j REDIRECT --to-ports 53;OK
-p udp -j REDIRECT --to-ports ssh;-p udp -j REDIRECT --to-ports 22;OK
-p tcp -j REDIRECT --to-ports 42-1234/567;;FAIL
-p tcp -j REDIRECT --to-ports 1234-42;;FAIL
-p tcp -j REDIRECT --to-ports 65536;;FAIL
-p tcp -j REDIRECT --to-ports ssh-http;;FAIL
-p tcp -j REDIRECT --to-ports foo;;FAIL
-p tcp -j REDIRECT --to-ports 42,43;;FAIL
-p tcp -j REDIRECT --to-ports 42:43;;FAIL
-p tcp -j REDIRECT --to-ports "";;FAIL
*filter
@family 4
:INPUT
-j REDIRECT;;FAIL
*nat
@family 6
:OUTPUT
-p udp -j REDIRECT --to-ports 5353;=;OK
:PREROUTING
-p tcp -j REDIRECT --to-ports 42-1234 --random;=;OK
-p tcp -j REDIRECT --to-ports ssh;-p tcp -j REDIRECT --to-ports 22;OK
-p tcp -j REDIRECT --to-ports 42-1234/5;;FAIL
