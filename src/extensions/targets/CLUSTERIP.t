# CLUSTERIP: measured with iptables 1.8.9 (legacy) on Linux 6.18. rule;saved form;OK|FAIL
*filter
@family 4
:INPUT
-d 1.2.3.4 -i eth0 -j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 1;;FAIL
-j CLUSTERIP;;FAIL
-j CLUSTERIP --new;;FAIL
-j CLUSTERIP --hashmode foo;;FAIL
-j CLUSTERIP --clustermac 02:00:5E:00:00:20 --new;;FAIL
-j CLUSTERIP --total-nodes 300 --new;;FAIL
-j CLUSTERIP --new --hashmode sourceip;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2;;FAIL
-j CLUSTERIP --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 1;;FAIL
-j CLUSTERIP --total-nodes 2;;FAIL
-j CLUSTERIP --hash-init 5;;FAIL
-j CLUSTERIP --local-node 5;;FAIL
-j CLUSTERIP --new --new;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 17;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 17 --local-node 1;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 0 --local-node 0;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 0;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 3;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00 --total-nodes 2 --local-node 1;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 1:0:5E:0:0:20 --total-nodes 2 --local-node 1;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac xx --total-nodes 2 --local-node 1;;FAIL
-j CLUSTERIP --new --hashmode SOURCEIP --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 1;;FAIL
-j CLUSTERIP --new --hashmode "" --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 1;;FAIL
-j CLUSTERIP --new --hashmode sourceip --clustermac 01:00:5E:00:00:20 --total-nodes 2 --local-node 1 --hash-init 4294967296;;FAIL
