import type { FindingKind } from "../kind.ts";

/** Findings about what gets in that should not. */
export const EXPOSURE_KINDS: readonly FindingKind[] = [
  {
    code: "F07",
    title: "source-port hole",
    severity: "error",
    why: "An ACCEPT lets packets in that open sessions, and restricts them by nothing but their source port. Whoever sends a packet chooses its source port, so every service behind the rule is open to everyone. Such rules are mostly meant for answers.",
    example: ["-A INPUT -p udp -m udp --sport 53 -j ACCEPT"],
    mend: "Accept answers by their state: -m conntrack --ctstate ESTABLISHED -j ACCEPT.",
  },
  {
    code: "F16",
    title: "INVALID accepted",
    severity: "warning",
    why: "A rule accepts packets that connection tracking calls INVALID, before any rule drops them: segments outside the window, answers to nothing. Through a machine that does NAT they also pass untranslated, and the peer resets the session.",
    example: [":FORWARD DROP [0:0]", "-A FORWARD -i lan0 -m conntrack ! --ctstate NEW -j ACCEPT"],
    mend: "Drop them first: -m conntrack --ctstate INVALID -j DROP.",
  },
  {
    code: "F17",
    title: "NEW without SYN",
    severity: "info",
    why: "Connection tracking takes up TCP connections in the middle (nf_conntrack_tcp_loose is 1 by default), so an ACK that belongs to nothing is NEW, and rules for NEW let it in. Port scanners send such segments.",
    example: [":INPUT DROP [0:0]", "-A INPUT -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT"],
    mend: "Add --syn to rules that open TCP sessions, or drop ! --syn with --ctstate NEW early, or set net.netfilter.nf_conntrack_tcp_loose to 0.",
  },
  {
    code: "F22",
    title: "IPv6 left open",
    severity: "error",
    why: "The machine's IPv6 rules let in what its IPv4 rules refuse, or there are none at all. Programs that listen on [::] are then open to whoever reaches the machine over IPv6.",
    example: ["# ip6tables-save", "*filter", ":INPUT ACCEPT [0:0]", "COMMIT"],
    mend: "Write the same policy for IPv6, with ICMPv6 for neighbour discovery let in.",
  },
  {
    code: "F23",
    title: "open by default",
    severity: "warning",
    why: "The chain's policy is ACCEPT, and packets that open sessions from outside fall through to it. Whatever the rules forget to refuse is allowed.",
    example: [":INPUT ACCEPT [0:0]", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"],
    mend: "Set the policy to DROP once the rules accept what is wanted: ESTABLISHED, loopback and your services.",
  },
  {
    code: "F29",
    title: "spoofable source",
    severity: "warning",
    why: "A packet is accepted on an interface that its source address cannot come from: loopback or private addresses from outside, or this machine's own. Rules that trust an address then trust whoever writes it into a packet. Reverse-path filtering refuses such packets where it is on.",
    example: [":INPUT DROP [0:0]", "-A INPUT -s 192.168.1.0/24 -p tcp -m tcp --dport 22 -j ACCEPT"],
    mend: "Bind the rule to the interface (-i lan0), or switch reverse-path filtering on (net.ipv4.conf.all.rp_filter=1, or -m rpfilter --invert -j DROP in raw PREROUTING).",
  },
  {
    code: "F30",
    title: "limit without effect",
    severity: "warning",
    why: "A rule accepts packets up to a rate, and the packets over the rate are accepted by what comes after. The limit limits nothing.",
    example: [":INPUT ACCEPT [0:0]", "-A INPUT -p icmp -m limit --limit 5/sec -j ACCEPT"],
    mend: "Drop the same packets in the rule after it.",
  },
  {
    code: "F38",
    title: "block list that DNAT avoids",
    severity: "warning",
    why: "INPUT refuses an address, but a service that is forwarded to another machine by DNAT never meets INPUT: its packets go through FORWARD, where nothing refuses the address.",
    example: ["-t nat -A PREROUTING -p tcp -m tcp --dport 25 -j DNAT --to-destination 192.0.2.9", "-A INPUT -s 203.0.113.66/32 -j DROP"],
    mend: "Refuse the address in FORWARD too, or for all of them in raw PREROUTING.",
  },
];
