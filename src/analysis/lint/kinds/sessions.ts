import type { FindingKind } from "../kind.ts";

/** Findings about sessions that do not work. */
export const SESSION_KINDS: readonly FindingKind[] = [
  {
    code: "F14",
    title: "loopback",
    severity: "warning",
    why: "Programs of one machine talk to each other over lo, also by the machine's outer addresses. A chain that refuses by default must let lo through, by interface. Accepting 127.0.0.0/8 or ::1 by address is no substitute: it misses the outer addresses, and it accepts such addresses from elsewhere.",
    example: [":INPUT DROP [0:0]", "-A INPUT -s 127.0.0.1/32 -j ACCEPT"],
    mend: "-I INPUT 1 -i lo -j ACCEPT, and where OUTPUT refuses by default -I OUTPUT 1 -o lo -j ACCEPT.",
  },
  {
    code: "F15",
    title: "missing ESTABLISHED",
    severity: "error",
    why: "The packet that opens a session is accepted, and its answer is not: the session never comes about. Mostly the rule for ESTABLISHED packets is missing, or narrowed to one protocol.",
    example: [":INPUT DROP [0:0]", "-A INPUT -p udp -m udp --dport 53 -j ACCEPT", ":OUTPUT ACCEPT [0:0]"],
    mend: "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT early in the chain that the answers meet.",
  },
  {
    code: "F19",
    title: "path-MTU black hole",
    severity: "warning",
    why: "TCP is let through, but the ICMP errors are not by which a router says that a packet is too big (fragmentation needed; in IPv6 packet-too-big). Connections open and then stall with the first full packet.",
    example: [":INPUT DROP [0:0]", "-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT", "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT"],
    mend: "Accept RELATED beside ESTABLISHED, or ICMP type 3 code 4 (ICMPv6 type 2).",
  },
  {
    code: "F20",
    title: "neighbour discovery blocked",
    severity: "error",
    why: "IPv6 finds its neighbours and routers by ICMPv6 types 133 to 136. They belong to no session, so a rule for ESTABLISHED does not save them. Without them the machine loses its neighbours, after minutes, when their entries expire.",
    example: [
      ":INPUT DROP [0:0]",
      "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT",
      "-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT",
    ],
    mend: "-A INPUT -p ipv6-icmp -j ACCEPT, or types 133 to 136 with -m hl --hl-eq 255, in INPUT and OUTPUT.",
  },
  {
    code: "F21",
    title: "ident dropped",
    severity: "info",
    why: "Some mail and IRC servers ask their clients' identity on tcp 113. Dropped without an answer, each such connection waits for the time-out.",
    example: [":INPUT DROP [0:0]", "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"],
    mend: "-A INPUT -p tcp -m tcp --dport 113 -j REJECT --reject-with tcp-reset",
  },
  {
    code: "F27",
    title: "helper missing",
    severity: "warning",
    why: "The rules let FTP, SIP or another protocol through whose data connections are opened anew, and count on RELATED for those. Kernels no longer assign helpers by themselves: without a rule that does, the data connections are NEW and refused.",
    example: [
      ":INPUT DROP [0:0]",
      "-A INPUT -p tcp -m tcp --dport 21 -j ACCEPT",
      "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    ],
    mend: "-t raw -A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp",
  },
  {
    code: "F28",
    title: "helper too broad",
    severity: "info",
    why: "A helper reads the traffic and opens what the traffic asks for; RELATED packets are then accepted whatever helper expected them, from and to anyone. Forged control traffic opens ports.",
    example: ["-t raw -A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp", "-A FORWARD -m conntrack --ctstate RELATED -j ACCEPT"],
    mend: "Accept RELATED per helper and port: -m conntrack --ctstate RELATED -m helper --helper ftp -p tcp --dport 1024: -d SERVER -j ACCEPT, and ICMP errors on their own.",
  },
  {
    code: "F36",
    title: "gaps in an outbound whitelist",
    severity: "warning",
    why: "OUTPUT refuses by default and the list of what is allowed leaves out what other entries need: DNS over TCP beside UDP, NTP for the clock, FTP's data connections.",
    example: [":OUTPUT DROP [0:0]", "-A OUTPUT -p udp -m udp --dport 53 -j ACCEPT", "-A OUTPUT -p tcp -m tcp --dport 443 -j ACCEPT"],
    mend: "-A OUTPUT -p tcp -m tcp --dport 53 -j ACCEPT (long answers come over TCP), -A OUTPUT -p udp -m udp --dport 123 -j ACCEPT for NTP.",
  },
];
