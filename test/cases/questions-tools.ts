/** Questions about loading rules, the two families and backends, sets and routing. */
import type { Question } from "./question.ts";

const UPLINKS = "--if eth0=192.0.2.10/24 --if tun0=10.8.0.2/24 --route 'default via 192.0.2.1 dev eth0'";

export const TOOL_QUESTIONS: readonly Question[] = [
  {
    id: "u13",
    asks: "Can I copy this ICMPv6 list into a default-DROP ip6tables INPUT?",
    settled: [
      {
        line: "show u13.v6",
        status: 2,
        finds: ["u13.v6:5:50: Couldn't load match `--comment'", "did you mean comment?", "u13.v6:6:50:"],
      },
      {
        line: "trace u13-spelled.v6 --family 6 'icmpv6 2001:db8::9 > 2001:db8::1 neighbour-advertisement in eth0'",
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT"],
      },
      {
        line: "lint u13-spelled.v6 --family 6",
        status: 1,
        finds: [
          "error F20 neighbour discovery blocked: ICMPv6 neighbour advertisement (type 136)",
          "u13-spelled.v6:9: warning F01 shadowed rule",
          "see line 8, INPUT rule 4",
        ],
      },
    ],
  },
  {
    id: "u55",
    asks: "The IPv4 firewall is complete; am I protected?",
    settled: [
      {
        line: "trace u55.v4 --v6 empty.v6 'tcp [2001:db8::9]:40000 > [2001:db8::1]:443 syn in eth0' 'tcp 203.0.113.9:40000 > 192.0.2.10:443 syn in eth0'",
        status: 1,
        finds: ["ACCEPTED, delivered", "DROPPED by the policy of filter INPUT"],
      },
      { line: "lint u55.v4 --v6 empty.v6", status: 1, finds: ["empty.v6:2: error F22 IPv6 left open"] },
      { line: "policy u55.v4 --v6 empty.v6 --path in", status: 0, finds: ["IPv6 in: anyone may open everything on this machine"] },
    ],
  },
  {
    id: "u57",
    asks: "Why does adding my rule to DOCKER-USER fail only for IPv6?",
    settled: [
      { line: "iptables --store STORE -I DOCKER-USER -s 192.0.2.5 -j DROP", store: "u51.v4", status: 0, finds: [] },
      {
        line: "ip6tables --store STORE -I DOCKER-USER -s 2001:db8::5 -j DROP",
        store: "u51.v4",
        status: 1,
        finds: ["No chain/target/match by that name."],
      },
    ],
  },
  {
    id: "u59",
    asks: "How to replace hundreds of per-address rules without changing the policy?",
    settled: [
      { line: "iptables --store STORE -s 192.168.1.11 -j ACCEPT", status: 2, finds: ["no command specified"] },
      {
        line: "optimize u59.v4 --ipset-out NEW",
        status: 0,
        finds: ["-A INPUT -m set --match-set INPUT-1 src -j ACCEPT", "equal    proven for all packets"],
      },
      { line: "diff u59.v4 u59-set.v4 --ipset u59.ipset", status: 0, finds: ["equal: ", "proven for all packets"] },
    ],
  },
  {
    id: "u60",
    asks: "The mark is set (counters rise) but packets still leave by the default route; why?",
    settled: [
      {
        line: `trace u60.v4 ${UPLINKS} --rule 'fwmark 1 lookup 100' --route 'default via 10.8.0.1 dev tun0 table 100' 'udp 192.0.2.10:40000 > 203.0.113.9:53'`,
        status: 0,
        finds: ["mark 0x0 becomes 0x1 (MARK)", "routing     leaves by tun0 via 10.8.0.1 (asked again, because the packet was changed)"],
      },
      {
        line: `trace u60-filter.v4 ${UPLINKS} --rule 'fwmark 1 lookup 100' --route 'default via 10.8.0.1 dev tun0 table 100' 'udp 192.0.2.10:40000 > 203.0.113.9:53'`,
        status: 0,
        finds: ["mark 0x0 becomes 0x1 (MARK)", "leaves         eth0: udp 192.0.2.10:40000 > 203.0.113.9:53"],
        lacks: ["asked again"],
      },
      { line: "show --nft u60.v4", status: 0, finds: ["type route hook output priority -150"] },
    ],
  },
  {
    id: "u62",
    asks: "ip rule with fwmark has no effect; kernel bug?",
    settled: [
      {
        line: `trace u62.v4 ${UPLINKS} --rule 'to 1.1.1.1 fwmark 1 lookup 1' --route 'default via 10.8.0.1 dev tun0 metric 9' 'tcp 192.0.2.10:40000 > 1.1.1.1:80 syn'`,
        status: 0,
        finds: ["mark 0x0 becomes 0x1 (MARK)", "routing     leaves by eth0 via 192.0.2.1 (asked again"],
      },
      {
        line: `trace u62.v4 ${UPLINKS} --rule 'to 1.1.1.1 fwmark 1 lookup 1' --route 'default via 10.8.0.1 dev tun0 table 1' 'tcp 192.0.2.10:40000 > 1.1.1.1:80 syn'`,
        status: 0,
        finds: ["routing     leaves by tun0 via 10.8.0.1 (asked again"],
      },
    ],
  },
  {
    id: "u65",
    asks: "How bad are 10,000 geo-block rules, and how to restructure them without changing the result?",
    settled: [
      {
        line: "show u65.v4",
        status: 0,
        finds: ["`1.5.9.0/18' has bits outside its mask: it is 1.5.0.0/18", "-A geofilter -s 1.5.0.0/18 -j DROP"],
      },
      {
        line: "optimize u65.v4",
        status: 0,
        finds: [
          "99 → 2",
          "split    filter geofilter: 97 rules into 8 chains",
          "equal    proven for all packets",
          "-A geofilter -s 1.0.0.0/8 -g geofilter.1",
        ],
      },
      {
        line: "optimize u65.v4 --ipset-out NEW",
        status: 0,
        finds: ["99 → 3 at most", "-m set --match-set geofilter-1 src -j DROP", "equal    proven for all packets"],
      },
      { line: "lint u65.v4", status: 1, finds: ["u65.v4:8: warning F33 silent rewrite: 1.5.9.0/18"] },
    ],
  },
  {
    id: "u68",
    asks: "New rules look right, so why does traffic still go to dead endpoints?",
    settled: [
      {
        line: "lint u68-nft.v4 --also-legacy u68-legacy.v4",
        status: 1,
        finds: ["u68-legacy.v4:5: error F35 two backends live: the other backend has 1 rule of its own, and a packet must pass both"],
      },
    ],
  },
  {
    id: "u69",
    asks: "What happens to my ssh session if I flush the INPUT chain with policy DROP?",
    settled: [
      {
        line: "trace u69.v4 'tcp 203.0.113.9:40000 > 192.0.2.10:22 ack ct ESTABLISHED in eth0'",
        status: 0,
        finds: ["ACCEPTED, delivered by u69.v4:5"],
      },
      { line: "iptables --store STORE -F", store: "u69.v4", status: 0, finds: [] },
      {
        line: "trace STORE 'tcp 203.0.113.9:40000 > 192.0.2.10:22 ack ct ESTABLISHED in eth0'",
        // What `iptables -F` leaves of it.
        store: "u10-first-command.v4",
        status: 1,
        finds: ["DROPPED by the policy of filter INPUT"],
      },
    ],
  },
  {
    id: "u75",
    asks: "Are '-s 127.0.0.1' and '-i lo' the same thing?",
    settled: [
      {
        line: "trace u75-source.v4 --if eth0=10.0.1.1/24 'tcp 10.0.1.1:40000 > 10.0.1.1:80 syn'",
        status: 1,
        finds: ["source is 10.0.1.1, not 127.0.0.1", "DROPPED by the policy of filter INPUT"],
      },
      {
        line: "trace u75-loopback.v4 --if eth0=10.0.1.1/24 'tcp 10.0.1.1:40000 > 10.0.1.1:80 syn'",
        status: 0,
        finds: ["ACCEPTED, delivered"],
      },
      {
        line: "trace u75-source.v4 --if eth0=10.0.1.1/24 --sysctl net.ipv4.conf.all.route_localnet=1 --sysctl net.ipv4.conf.all.accept_local=1 'tcp 127.0.0.1:40000 > 10.0.1.1:80 syn in eth0'",
        status: 0,
        finds: ["ACCEPTED, delivered by u75-source.v4:5"],
      },
      {
        line: "diff u75-source.v4 u75-loopback.v4",
        status: 1,
        finds: ["IPv4, from this machine to itself", "from anywhere but 127.0.0.1", "out lo"],
      },
    ],
  },
];
