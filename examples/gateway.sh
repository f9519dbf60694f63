#!/bin/sh
# A small office behind one address: the LAN goes out, two services come in.
#   ferrule trace examples/gateway.sh --if wan0=198.51.100.2/24 --if lan0=192.168.1.1/24 \
#     --route 'default via 198.51.100.1 dev wan0' 'session tcp 192.168.1.10 > 203.0.113.80:443 syn in lan0'

IPT=/sbin/iptables
WAN=wan0
LAN=lan0
LAN_NET=192.168.1.0/24
WEB=192.168.1.80

modprobe nf_conntrack_ftp
sysctl -w net.ipv4.ip_forward=1 > /dev/null
for rp in /proc/sys/net/ipv4/conf/*/rp_filter; do
  echo 1 > "$rp"
done

$IPT -F
$IPT -t nat -F
$IPT -X blocked 2> /dev/null

ipset -exist create blocked hash:net
for net in 192.0.2.0/24 203.0.113.64/26; do
  ipset -exist add blocked "$net"
done

$IPT -P INPUT DROP
$IPT -P FORWARD DROP
$IPT -P OUTPUT ACCEPT

for chain in INPUT FORWARD; do
  $IPT -A $chain -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
  $IPT -A $chain -i $WAN -m set --match-set blocked src -j DROP
done
$IPT -A INPUT -i lo -j ACCEPT
$IPT -A INPUT -i $LAN -s $LAN_NET -p tcp --dport 22 -j ACCEPT
$IPT -A INPUT -p icmp --icmp-type echo-request -m limit --limit 5/s -j ACCEPT

forward_in() {
  $IPT -t nat -A PREROUTING -i $WAN -p tcp --dport "$1" -j DNAT --to-destination "$2"
  $IPT -A FORWARD -i $WAN -d "$2" -p tcp --dport "$1" -j ACCEPT
}
forward_in 80 $WEB
forward_in 443 $WEB

$IPT -A FORWARD -i $LAN -s $LAN_NET -o $WAN -j ACCEPT
$IPT -t nat -A POSTROUTING -o $WAN -s $LAN_NET -j MASQUERADE
