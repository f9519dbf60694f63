#!/bin/bash
# Files, pipes and odd words: run with the tools of the machine and with ours, both must do and say the same.
export LC_ALL=C.UTF-8
cd /tmp || exit 1
printf '*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n' > rules
iptables-restore rules; echo $?; iptables -S INPUT
iptables-restore /tmp/rules; echo $?
iptables-restore -n rules; echo $?; iptables -S INPUT
iptables-restore /tmp; echo $?
iptables-restore -t rules; echo $?
cat rules | iptables-restore; echo $?
iptables-restore < /dev/null; echo $?
iptables-restore -T nat < rules; echo $?
printf '*filter\n-A INPUT -j NOSUCH\nCOMMIT\n' | iptables-restore; echo $?
printf '*filter\n-A INPUT -j DROP\n' | iptables-restore; echo $?
iptables-restore <(iptables-save); echo $?
iptables-save -f out; echo $?; grep -c dport out
iptables-save -t filter > out2; grep -v '^#' out2 | head -3
iptables-save -f /nonexistent/x; echo $?
ip6tables-save -c | grep -c COMMIT
ipset create s hash:ip; ipset add s 10.0.0.1
ipset save -f setfile; echo $?; grep -c add setfile
ipset -file setfile2 save; echo $?
ipset destroy; ipset restore -f setfile; echo $?; ipset list -n
ipset restore < setfile; echo $?
ipset -! restore < setfile; echo $?
echo "create t hash:net" | ipset -exist restore; ipset list -n | sort
ipset list s | grep -v -i "size\|initval\|Header"
iptables -A INPUT -m set --match-set s src -j DROP; ipset destroy s; echo $?
iptables -L -n | head -3 | tail -1
iptables -nL INPUT 1
yes | head -100 | iptables-restore; echo $?
echo garbage | iptables-restore -v; echo $?
iptables -A INPUT -m comment --comment "ünïcödé — ✓" -j ACCEPT; iptables -S | tail -1
iptables -A INPUT -m comment --comment $'tab\there' -j ACCEPT; iptables -S | tail -1
