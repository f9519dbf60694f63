# cluster: rules measured with iptables 1.8.9 (legacy), packets with Linux 6.18. rule;saved form;OK|FAIL and rule;packet;match|no|hotdrop
@family 4
:INPUT
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 0;-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000000;OK
-m cluster --cluster-total-nodes 2 --cluster-local-node 3 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-local-node 0 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 33 --cluster-local-node 1 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 0 --cluster-local-node 1 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 1 --cluster-local-node 1 --cluster-hash-seed 5;-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 1 --cluster-hash-seed 0x00000005;OK
-m cluster --cluster-total-nodes 2 ! --cluster-local-node 1 --cluster-hash-seed 5;-m cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005;OK
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 3 --cluster-hash-seed 5;-m cluster --cluster-local-nodemask 0x00000003 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005;OK
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 4 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 2 ! --cluster-local-nodemask 1 --cluster-hash-seed 5;-m cluster ! --cluster-local-nodemask 0x00000001 --cluster-total-nodes 2 --cluster-hash-seed 0x00000005;OK
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 0 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-local-nodemask 1 --cluster-local-node 1 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-local-node 1;;FAIL
-m cluster --cluster-local-node 1 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 4294967296;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed x;;FAIL
-m cluster ! --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-local-node 3 --cluster-total-nodes 2 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-local-node 33 --cluster-total-nodes 2 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 5;;FAIL
-m cluster --cluster-total-nodes 32 --cluster-local-nodemask 0xffffffff --cluster-hash-seed 0xffffffff;;FAIL
-m cluster --cluster-total-nodes 2 --cluster-local-node 2 --cluster-local-node 1 --cluster-hash-seed 5;;FAIL
@family 6
-m cluster --cluster-total-nodes 3 --cluster-local-node 1 --cluster-hash-seed 5;-m cluster --cluster-local-nodemask 0x00000001 --cluster-total-nodes 3 --cluster-hash-seed 0x00000005;OK
@family 4
*filter
:INPUT
-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 5;udp 192.0.2.9:1 > 198.51.100.2:2;no
-m cluster --cluster-total-nodes 2 ! --cluster-local-node 1 --cluster-hash-seed 5;udp 192.0.2.9:1 > 198.51.100.2:2;no
