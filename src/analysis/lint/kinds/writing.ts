import type { FindingKind } from "../kind.ts";

/** Findings about rules that mean something other than they seem to say. */
export const WRITING_KINDS: readonly FindingKind[] = [
  {
    code: "F12",
    title: "unlimited logging",
    severity: "warning",
    why: "A rule logs packets that anyone may send, as many as they send. A flood fills the disk and, on a serial console, stops the machine.",
    example: ['-A INPUT -j LOG --log-prefix "dropped: "'],
    mend: "Add a rate: -m limit --limit 5/min --limit-burst 10.",
  },
  {
    code: "F13",
    title: "log defects",
    severity: "warning",
    why: "A log prefix of more than 29 characters is cut without a word; a LOG rule after the rule that decides the same packets logs nothing, because packets leave the chain there.",
    example: ["-A INPUT -s 192.0.2.66/32 -j DROP", '-A INPUT -s 192.0.2.66/32 -j LOG --log-prefix "banned: "'],
    mend: "Shorten the prefix; put LOG before the verdict.",
  },
  {
    code: "F18",
    title: "name in a rule",
    severity: "warning",
    why: "A host name in -s or -d is looked up once, when the rule is loaded. Later changes of its address go unnoticed, whoever answers the lookup decides what the firewall allows, and at boot there may be nobody to ask.",
    example: ["-A OUTPUT -d updates.example.org -p tcp -m tcp --dport 80 -j ACCEPT"],
    mend: "Write the addresses, or keep them in an ipset that a timer refreshes.",
  },
  {
    code: "F32",
    title: "impossible interface",
    severity: "warning",
    why: "No packet has such an interface: an alias like eth0:0 is only a label of an address and is never an interface's name; or the host has no interface of that name.",
    example: ["-A INPUT -i eth0:0 -j DROP", "-t nat -A POSTROUTING -o eth+ -j MASQUERADE"],
    mend: "Name the interface itself, and tell alias addresses apart with -d.",
  },
  {
    code: "F33",
    title: "silent rewrite",
    severity: "warning",
    why: "iptables takes the address for another than the one that is written: bits outside the mask are cleared, a part with a leading zero is octal, a short form is filled up.",
    example: ["-A INPUT -s 10.0.0.5/8 -j ACCEPT", "-A INPUT -s 010.0.0.1 -j ACCEPT"],
    mend: "Write what is meant: the network (10.0.0.0/8) or the host (10.0.0.5).",
  },
  {
    code: "F34",
    title: "wrong table",
    severity: "warning",
    why: "Rules that refuse packets stand in a table made for something else. The nat table sees only the first packet of a connection, so what it refuses is not refused for the rest; what mangle refuses is missing from the picture that the filter table gives.",
    example: ["-t mangle -A FORWARD -p tcp -m tcp --dport 25 -j DROP"],
    mend: "Filter in the filter table; in raw PREROUTING where it must be early.",
  },
  {
    code: "F35",
    title: "two backends live",
    severity: "error",
    why: "The kernel has rules from iptables-legacy and from iptables-nft at once, and a packet must pass both. Each tool shows only its own, so the other's refusals seem to come from nowhere.",
    example: ["# Warning: iptables-legacy tables present, use iptables-legacy to see them"],
    mend: "Keep one: save, flush and unload the legacy tables (iptables-legacy -F, -X, policies ACCEPT).",
  },
];
