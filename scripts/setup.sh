#!/bin/sh
# Installs the Debian packages that the comparison with the kernel and the tests of the page use. Without root it says what is missing; the tests then skip with the reason.
missing=""
for pair in iptables-legacy:iptables nft:nftables ipset:ipset conntrack:conntrack ip:iproute2 tcpdump:tcpdump chromium:chromium; do
  tool=${pair%%:*}
  PATH="$PATH:/usr/sbin:/sbin" command -v "$tool" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "setup: installing$missing"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -qq $missing >/dev/null; } || echo "setup: could not install$missing; the tests that need them will skip and say so"
else
  echo "setup: missing$missing (needs root and apt-get; the tests that need them will skip and say so)"
fi
