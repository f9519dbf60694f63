#!/bin/bash
# What people do with iptables in scripts, apart from plain rules: run with the machine's tools and with ours, both must do and say the same.
set -u
export LC_ALL=C
errors=0
fail() { echo "failed ($?): $*"; errors=$((errors + 1)); }

echo "== add once"
once() { iptables -C "$@" 2>/dev/null || iptables -A "$@"; }
for _ in 1 2 3; do once INPUT -p tcp --dport 22 -j ACCEPT; once INPUT -i lo -j ACCEPT; done
iptables -S INPUT

echo "== delete until there is none"
for _ in 1 2 3; do iptables -A OUTPUT -p udp --dport 53 -j ACCEPT; done
while iptables -D OUTPUT -p udp --dport 53 -j ACCEPT 2>/dev/null; do echo deleted; done

echo "== delete by number, last first"
for port in 1 2 3 4 5; do iptables -A FORWARD -p tcp --dport $port -j DROP; done
iptables -L FORWARD -n --line-numbers | awk '/dpt:[24]$/ { print $1 }' | sort -rn | while read -r n; do iptables -D FORWARD "$n"; done
iptables -S FORWARD

echo "== through a filter"
iptables-save | grep -v 'dport 3' | iptables-restore || fail restore
iptables-save | sed -e 's/^#.*//' -e 's/\[[0-9:]*\]/[0:0]/' | grep .

echo "== chains"
iptables -N logdrop || fail new
iptables -N logdrop || fail new again
iptables -A logdrop -m limit --limit 5/min -j LOG --log-prefix "dropped: " --log-level info
iptables -A logdrop -j DROP
iptables -A INPUT -j logdrop
iptables -X logdrop || fail delete used
iptables -E logdrop log_and_drop && iptables -S | grep -c log_and_drop
iptables -F log_and_drop; iptables -D INPUT -j log_and_drop; iptables -X log_and_drop || fail delete
iptables -X nosuch || fail delete none
iptables -L nosuch -n || fail list none
iptables -P nosuch DROP || fail policy

echo "== arrays, here-documents, subshells"
declare -A allow=([http]=80 [https]=443)
for name in http https; do
  iptables -A INPUT -p tcp --dport "${allow[$name]}" -m comment --comment "web: $name" -j ACCEPT
done
iptables-restore -n <<END || fail here
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 80
COMMIT
*mangle
-A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
COMMIT
END
( iptables -t nat -A POSTROUTING -o eth0 -j MASQUERADE ) &
wait
for t in filter nat mangle; do iptables -t $t -S; done
out=$(iptables -t nat -L POSTROUTING -n -v | tail -n +3 | awk '{ print $3, $7 }'); echo "[$out]"

echo "== errors and statuses"
iptables -A INPUT -p tcp --dport nothing -j ACCEPT; echo $?
iptables -A INPUT --dport 22 -j ACCEPT; echo $?
iptables -A INPUT -j NOSUCH; echo $?
iptables -t nosuch -L; echo $?
iptables -A INPUT -s 300.1.1.1 -j DROP; echo $?
iptables; echo $?
iptables -D INPUT 99; echo $?
iptables -I INPUT 99 -j DROP; echo $?
iptables -R INPUT 1; echo $?
iptables -A INPUT -i eth0 -o eth1 -j DROP; echo $?
ip6tables -A INPUT -p icmp -j ACCEPT; echo $?
ip6tables -A INPUT -p ipv6-icmp --icmpv6-type echo-request -j ACCEPT; echo $?
ip6tables -A INPUT -s 10.0.0.1 -j DROP; echo $?
iptables -V | grep -c 1.8.9
if ! iptables -A INPUT -m nosuch -j DROP 2>/dev/null; then echo no such match; fi
iptables -A INPUT -m state --state NEW,BOGUS -j DROP; echo $?

echo "== counters and zero"
iptables -A INPUT -c 5 300 -j ACCEPT
iptables -L INPUT -nvx | tail -1
iptables -Z INPUT; iptables -L INPUT -nvx | tail -1
iptables-save -c -t filter | grep -c '^\[0:0\]'

echo "== waiting, tables, options in any order"
iptables -w -t raw -A PREROUTING -j NOTRACK || fail notrack
iptables -w 5 -A OUTPUT -t raw -p udp -j CT --notrack || fail ct
iptables -t raw -S
iptables -j DROP -p tcp -A OUTPUT --dport 25 -m owner ! --uid-owner 0
iptables -A OUTPUT -d 192.0.2.1,192.0.2.2 -j REJECT --reject-with icmp-host-prohibited
iptables -A INPUT ! -s 10.0.0.0/8 -i 'eth+' -j DROP
iptables -S OUTPUT

echo "== end with $errors"
iptables -F; iptables -t nat -F; iptables -X; iptables -P INPUT DROP
exit "$errors"
