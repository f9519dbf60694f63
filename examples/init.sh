#!/bin/bash
### BEGIN INIT INFO
# Provides:          firewall
# Required-Start:    $network
# Default-Start:     2 3 4 5
# Short-Description: a host with a few services, the way init scripts did it
### END INIT INFO
. /lib/lsb/init-functions

declare -A SERVICES=([ssh]=22 [http]=80 [https]=443)
ADMIN=(198.51.100.0/24 2001:db8:1::/48)

both() {
  iptables "$@" && ip6tables "$@"
}

start() {
  log_daemon_msg "Setting up the firewall"
  both -P INPUT DROP
  both -A INPUT -i lo -j ACCEPT
  both -A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
  for name in http https; do
    both -A INPUT -p tcp --dport "${SERVICES[$name]}" -j ACCEPT
  done
  for net in "${ADMIN[@]}"; do
    case $net in
      *:*) ip6tables -A INPUT -s "$net" -p tcp --dport "${SERVICES[ssh]}" -j ACCEPT ;;
      *) iptables -A INPUT -s "$net" -p tcp --dport "${SERVICES[ssh]}" -j ACCEPT ;;
    esac
  done
  ip6tables -A INPUT -p ipv6-icmp -j ACCEPT
  log_end_msg $?
}

stop() {
  both -P INPUT ACCEPT
  both -F
}

case "$1" in
  start) start ;;
  stop) stop ;;
  restart) stop; start ;;
  *) echo "Usage: $0 start|stop|restart" >&2; exit 1 ;;
esac
