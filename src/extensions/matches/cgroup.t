# cgroup: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m cgroup --cgroup 5;=;OK
-m cgroup ! --cgroup 0x10001;-m cgroup ! --cgroup 65537;OK
-m cgroup --cgroup 4294967295;=;OK
-m cgroup --cgroup 4294967296;;FAIL
-m cgroup --cgroup x;;FAIL
-m cgroup --cgroup 0;=;OK
-m cgroup --path "";=;OK
-m cgroup ! --path /;-m cgroup ! --path "/";OK
-m cgroup --path / --cgroup 1;;FAIL
-m cgroup;;FAIL
-m cgroup --cgroup 1 --cgroup 2;;FAIL
-m cgroup --path / --path /;;FAIL
:FORWARD
-m cgroup --cgroup 5;;FAIL
@family 6
:INPUT
-m cgroup --cgroup 7;=;OK
@family 4
*filter
:OUTPUT
-m cgroup --cgroup 5;udp 192.0.2.9:1 > 198.51.100.2:2 cgroup 5;match
-m cgroup ! --cgroup 5;udp 192.0.2.9:1 > 198.51.100.2:2 cgroup 5;no
-m cgroup ! --cgroup 5;udp 192.0.2.9:1 > 198.51.100.2:2 cgroup 6;match
-m cgroup --cgroup 0;udp 192.0.2.9:1 > 198.51.100.2:2 uid 0;match
-m cgroup --cgroup 0;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m cgroup ! --cgroup 0;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m cgroup --path /;udp 192.0.2.9:1 > 198.51.100.2:2 uid 0;match
-m cgroup --path /;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m cgroup ! --path /;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m cgroup --path "/user.slice";udp 192.0.2.9:1 > 198.51.100.2:2 cgroup /user.slice;match
-m cgroup --path "/user.slice/";udp 192.0.2.9:1 > 198.51.100.2:2 cgroup /user.slice/user-1000.slice;match
-m cgroup --path "/user";udp 192.0.2.9:1 > 198.51.100.2:2 cgroup /user.slice;no
-m cgroup ! --path "/user";udp 192.0.2.9:1 > 198.51.100.2:2 cgroup /user.slice;match
-m cgroup --path "user.slice";udp 192.0.2.9:1 > 198.51.100.2:2 cgroup /user.slice;match
