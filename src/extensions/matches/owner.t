# owner: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:FORWARD
-m owner --uid-owner 0;;FAIL
:INPUT
-m owner --uid-owner 0;;FAIL
-m owner --uid-owner 1:5;;FAIL
:OUTPUT
-m owner;;FAIL
-m owner --uid-owner 0;=;OK
-m owner --uid-owner 1000;=;OK
-m owner --uid-owner 1-5;=;OK
-m owner --uid-owner 5-1;;FAIL
-m owner --uid-owner 5-5;-m owner --uid-owner 5;OK
-m owner ! --uid-owner 0;=;OK
-m owner --uid-owner nosuch;;FAIL
-m owner --uid-owner 4294967295;;FAIL
-m owner --uid-owner 4294967294;=;OK
-m owner --uid-owner 4294967296;;FAIL
-m owner --uid-owner 0-4294967295;;FAIL
-m owner --uid-owner 0-4294967294;=;OK
-m owner --uid-owner "";;FAIL
-m owner --uid-owner 1-;;FAIL
-m owner --uid-owner -5;;FAIL
-m owner --uid-owner 0x10;-m owner --uid-owner 16;OK
-m owner --gid-owner nosuch;;FAIL
-m owner --gid-owner 0-5;=;OK
-m owner ! --gid-owner 0-5 --suppl-groups;=;OK
-m owner --suppl-groups;;FAIL
-m owner --uid-owner 1 --suppl-groups;;FAIL
-m owner --socket-exists;=;OK
-m owner ! --socket-exists;=;OK
-m owner --uid-owner 1 --gid-owner 2 --socket-exists --suppl-groups;-m owner --socket-exists --uid-owner 1 --gid-owner 2 --suppl-groups;OK
-m owner ! --uid-owner 1 ! --gid-owner 2 ! --socket-exists;-m owner ! --socket-exists ! --uid-owner 1 ! --gid-owner 2;OK
-m owner --gid-owner 2 --uid-owner 1;-m owner --uid-owner 1 --gid-owner 2;OK
-m owner --uid-owner 1 --uid-owner 2;;FAIL
-m owner ! --suppl-groups --gid-owner 5;;FAIL
-m owner --pid-owner 5;;FAIL
-m owner --uid-owner 1:5;-m owner --uid-owner 1-5;OK
-m owner --uid-owner 1-5-6;;FAIL
-m owner --uid-owner "1- 5";-m owner --uid-owner 1-5;OK
-m owner --uid-owner 0-0;-m owner --uid-owner 0;OK
*mangle
:POSTROUTING
-m owner --uid-owner 0;=;OK
*filter
@family 6
:OUTPUT
-m owner --uid-owner 0;=;OK
@family 4
-m owner --uid-owner 1000;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 uid 1000;match
-m owner --uid-owner 0-999;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 uid 1000;no
-m owner ! --uid-owner 0-999;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 uid 1000;match
-m owner --gid-owner 5;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 uid 1000 gid 5;match
-m owner --socket-exists;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 uid 1000 gid 5;match
-m owner ! --socket-exists;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 uid 1000 gid 5;no
-m owner --uid-owner 1000 ! --gid-owner 5;udp 192.0.2.9:1 > 198.51.100.2:2 out eth0 uid 1000 gid 5;no
