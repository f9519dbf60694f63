import { expect, test } from "vitest";
import { hostFromFlags } from "../host/index.ts";
import { readSave } from "../syntax/index.ts";
import { clientView } from "./hooks.ts";
import { Lowering } from "./lower.ts";
import { Results } from "./outcome.ts";
import type { SessionPath } from "./session-end.ts";
import { Sessions } from "./sessions.ts";
import { surveyed } from "./survey.ts";
import { possible } from "./universe.ts";

/** How sessions of a kind can end under rules, of the filter table where none is named: `usable`, or `half-open usable` where it depends on something. */
function ends(family: 4 | 6, rules: string, { kind = "tcp", path = "in", interfaces = [] }: Circumstance = {}): string {
  const text = rules.startsWith("*") ? rules : `*filter\n${rules}\nCOMMIT\n`;
  const { ruleset, faults } = readSave(text, "rules", { family });
  if (ruleset === undefined) throw new Error(faults.map(({ message }) => message).join("; "));
  const host =
    interfaces.length > 0
      ? hostFromFlags({ interfaces, sysctls: ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"] }).value
      : undefined;
  const space = surveyed({ family, rulesets: [ruleset], host });
  const sessions = new Sessions(ruleset, new Results(space));
  const diagram = sessions.on(path).find(each => each.kind.name === kind)?.diagram;
  if (diagram === undefined) throw new Error(`there is no kind ${kind}`);
  const all = new Lowering(space, clientView(space)).set(possible(path, family, host));
  const elsewhere = space.leaf("not on this path", { end: "elsewhere" });
  const on = space.diagrams.choose(all, diagram, elsewhere);
  const found = space.diagrams.leavesOf(on).map(leaf => sessions.endOf(leaf).end);
  return [...new Set(found)]
    .filter(end => end !== "elsewhere")
    .toSorted()
    .join(" ");
}

interface Circumstance {
  readonly kind?: string;
  readonly path?: SessionPath;
  readonly interfaces?: readonly string[];
}

const NAT = "*nat\n-A POSTROUTING -o eth1 -j MASQUERADE\nCOMMIT\n*raw\n";
const TO_PREFIX = `*filter
-A FORWARD -i eth1 -m conntrack --ctstate NEW -j DROP
COMMIT
*mangle
-A PREROUTING -i eth0 -j DNPT --src-pfx 2001:db8:9::/64 --dst-pfx 2001:db8:2::/64
`;
const PREFIXED = ["eth0=2001:db8:1::1/64", "eth1=2001:db8:2::1/64"];
const WIRE = { interfaces: ["eth0=192.0.2.1/24"] };

test.each<[string, 4 | 6, string, Circumstance, string]>([
  ["the MSS of Ethernet in IPv6", 6, "-A INPUT -p tcp --syn -m tcpmss --mss 1440 -j DROP", {}, "refused"],
  ["which is not that of IPv4", 6, "-A INPUT -p tcp --syn -m tcpmss --mss 1460 -j DROP", {}, "usable"],
  ["the MSS of Ethernet in IPv4", 4, "-A INPUT -p tcp --syn -m tcpmss --mss 1460 -j DROP", {}, "refused"],
  ["of the answer, too", 6, "-A OUTPUT -p tcp -m tcpmss --mss 1440 -j DROP", {}, "half-open"],
  ["no SYN is as short as its headers without the MSS", 4, "-A INPUT -p tcp --syn -m length --length 0:43 -j DROP", {}, "usable"],
  ["nor in IPv6", 6, "-A INPUT -p tcp --syn -m length --length 0:63 -j DROP", {}, "usable"],
  ["a SYN has some length", 4, "-A INPUT -p tcp --syn -m length --length 0:44 -j DROP", {}, "refused usable"],
  ["and no payload", 4, "-A INPUT -p tcp --syn -m length --length 81: -j DROP", {}, "usable"],
  ["every SYN is as long as its headers", 4, "-A INPUT -p tcp --syn -m length --length 44:80 -j DROP", {}, "refused"],
  [
    "segments with data are longer than their headers",
    4,
    "-A INPUT -p tcp --tcp-flags PSH PSH -m length --length 0:40 -j DROP",
    {},
    "usable",
  ],
  ["they have some length", 4, "-A INPUT -p tcp --tcp-flags PSH PSH -m length --length 1000: -j DROP", {}, "half-open usable"],
  ["a datagram has its header", 4, "-A INPUT -p udp -m length --length 0:27 -j DROP", { kind: "udp" }, "usable"],
  ["a ping too", 6, "-A INPUT -p icmpv6 -m length --length 0:47 -j DROP", { kind: "ping" }, "usable"],
  ["an answer too", 4, "-A OUTPUT -p udp -m length --length 0:27 -j DROP", { kind: "udp" }, "usable"],
  ["nobody foresaw a session", 4, "-A INPUT -p tcp -m helper --helper ftp -j DROP", {}, "usable"],
  ["a machine without bridges", 4, "-A INPUT -m physdev --physdev-is-in -j DROP", WIRE, "usable"],
  ["a machine that nobody knows", 4, "-A INPUT -m physdev --physdev-is-in -j DROP", {}, "refused usable"],
  [
    "a machine with a bridge",
    4,
    "-A INPUT -m physdev --physdev-is-in -j DROP",
    { interfaces: ["br0=192.0.2.1/24", "eth1=bridge=br0"] },
    "refused usable",
  ],
  ["the group of an interface", 4, "-A INPUT -m devgroup --src-group 5 -j DROP", { interfaces: ["eth0=192.0.2.1/24,group=5"] }, "refused"],
  ["which is 0 unless it is said", 4, "-A INPUT -m devgroup --src-group 5 -j DROP", WIRE, "usable"],
  ["with a mask", 4, "-A INPUT -m devgroup ! --src-group 0x1/0x1 -j DROP", { interfaces: ["eth0=192.0.2.1/24,group=5"] }, "usable"],
  ["of the way back", 4, "-A OUTPUT -m devgroup --dst-group 0 -j DROP", WIRE, "half-open"],
  ["nobody here sends what comes from elsewhere", 4, "-A INPUT -m cgroup ! --cgroup 5 -j DROP", {}, "usable"],
  [
    "an address that a mask with a gap does not meet",
    6,
    "-A INPUT ! -s 2001:db8:7::6 -j ACCEPT\n-A INPUT -s 2001:db8::5/ffff:ffff::ffff -j DROP",
    {},
    "usable",
  ],
  ["one that it meets", 6, "-A INPUT ! -s 2001:db8:7::5 -j ACCEPT\n-A INPUT ! -s 2001:db8::5/ffff:ffff::ffff -j DROP", {}, "usable"],
  ["the tuple of a ping", 4, "-A INPUT -p icmp -m conntrack --ctorigdstport 2048 -j DROP", { kind: "ping" }, "refused"],
  ["and of its answer", 4, "-A INPUT -p icmp -m conntrack --ctrepldstport 0 -j DROP", { kind: "ping" }, "refused"],
  ["is not without type", 4, "-A INPUT -p icmp -m conntrack --ctorigdstport 0 -j DROP", { kind: "ping" }, "usable"],
  ["and has an id that nobody knows", 4, "-A INPUT -p icmp -m conntrack --ctorigsrcport 7 -j DROP", { kind: "ping" }, "refused usable"],
  ["in IPv6", 6, "-A INPUT -p icmpv6 -m conntrack --ctorigdstport 32768 -j DROP", { kind: "ping" }, "refused"],
  ["the tuple of TCP", 4, "-A INPUT -p tcp -m conntrack ! --ctorigdstport 1:65535 -j DROP", {}, "refused usable"],
  [
    "an answer that is not tracked meets no NAT",
    4,
    `${NAT}-A PREROUTING -i eth1 -j CT --notrack\nCOMMIT\n`,
    { path: "forward", interfaces: ["eth0=192.0.2.1/24", "eth1=198.51.100.1/24"] },
    "half-open usable",
  ],
  [
    "a session that is not tracked either",
    4,
    `${NAT}-A PREROUTING -j CT --notrack\nCOMMIT\n`,
    { path: "forward", interfaces: ["eth0=192.0.2.1/24", "eth1=198.51.100.1/24"] },
    "usable",
  ],
  [
    "the reply's tuple is what NAT makes it",
    4,
    "*nat\n-A PREROUTING -j DNAT --to-destination 10.0.0.5\nCOMMIT\n*filter\n-A FORWARD -m conntrack ! --ctreplsrc 10.0.0.5 -j DROP\nCOMMIT\n",
    { path: "forward" },
    "usable",
  ],
  [
    "whichever address NAT picks",
    4,
    "*nat\n-A PREROUTING -j DNAT --to-destination 10.0.0.4-10.0.0.7\nCOMMIT\n*filter\n-A FORWARD -m conntrack ! --ctreplsrc 10.0.0.4/30 -j DROP\nCOMMIT\n",
    { path: "forward" },
    "usable",
  ],
  [
    "answers that NAT takes for a connection of their own",
    4,
    `${NAT}-A PREROUTING -i eth1 -p udp --sport 1024: --dport 53 -j CT --notrack\nCOMMIT\n`,
    { kind: "udp", path: "forward", interfaces: ["eth0=192.0.2.1/24", "eth1=198.51.100.1/24"] },
    "half-open usable",
  ],
  [
    "a prefix that is put in place of another, and not back again",
    6,
    `${TO_PREFIX}COMMIT\n`,
    { path: "forward", interfaces: PREFIXED },
    "half-open refused",
  ],
  [
    "a prefix that answers get back",
    6,
    `${TO_PREFIX}-A POSTROUTING -s 2001:db8:2::/64 -j SNPT --src-pfx 2001:db8:2::/64 --dst-pfx 2001:db8:9::/64\nCOMMIT\n`,
    { path: "forward", interfaces: PREFIXED },
    "refused usable",
  ],
  [
    "a SYN+ACK whose SYN nobody saw is INVALID",
    4,
    "*raw\n-A PREROUTING -j CT --notrack\nCOMMIT\n*filter\n-A OUTPUT -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n",
    {},
    "half-open",
  ],
  [
    "a datagram is new",
    4,
    "*raw\n-A PREROUTING -j CT --notrack\nCOMMIT\n*filter\n-A OUTPUT -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n",
    { kind: "udp" },
    "usable",
  ],
  [
    "an ACK after a SYN without answer is INVALID",
    4,
    "*raw\n-A OUTPUT -j CT --notrack\nCOMMIT\n*filter\n-A INPUT -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n",
    {},
    "half-open",
  ],
  ["an opener is not in the table yet", 4, "-A INPUT -p tcp --syn -m conntrack --ctstatus CONFIRMED -j DROP", {}, "usable"],
  [
    "unless it comes back over loopback",
    4,
    "-A INPUT -p tcp --syn -m conntrack --ctstatus CONFIRMED -j DROP",
    { path: "local" },
    "refused",
  ],
  ["nor has it a time to expire at", 4, "-A INPUT -p tcp --syn -m conntrack --ctexpire 1: -j DROP", {}, "usable"],
  ["answers have one", 4, "-A OUTPUT -p tcp -m conntrack ! --ctexpire 0 -j DROP", {}, "half-open usable"],
  ["a stream of datagrams becomes assured", 4, "-A INPUT -p udp -m conntrack --ctstatus ASSURED -j DROP", { kind: "udp" }, "half-open"],
  [
    "and is not at once",
    4,
    "-A INPUT -p udp -m conntrack --ctstate ESTABLISHED -m conntrack ! --ctstatus ASSURED -j DROP",
    { kind: "udp" },
    "half-open",
  ],
  ["pings are never assured", 4, "-A INPUT -p icmp -m conntrack --ctstatus ASSURED -j DROP", { kind: "ping" }, "usable"],
  ["TCP is by its first ACK", 4, "-A INPUT -p tcp ! --syn -m conntrack ! --ctstatus ASSURED -j DROP", {}, "usable"],
  ["DCCP is tracked without ports", 4, "-A INPUT -p dccp -m conntrack --ctorigdstport 0 -j DROP", { kind: "dccp" }, "refused"],
  [
    "what is not tracked has no mark of a connection",
    4,
    "*raw\n-A OUTPUT -j CT --notrack\nCOMMIT\n*filter\n-A OUTPUT -m connmark ! --mark 2 -j DROP\nCOMMIT\n",
    {},
    "usable",
  ],
  [
    "nor a direction",
    4,
    "*raw\n-A PREROUTING -j CT --notrack\nCOMMIT\n*filter\n-A INPUT -m conntrack --ctdir ORIGINAL -j DROP\nCOMMIT\n",
    {},
    "usable",
  ],
  [
    "nor what tracking calls INVALID",
    4,
    "*raw\n-A PREROUTING -j CT --notrack\nCOMMIT\n*filter\n-A OUTPUT -m connmark ! --mark 2 -j DROP\nCOMMIT\n",
    { kind: "ping" },
    "usable",
  ],
  [
    "a datagram that is new has one",
    4,
    "*raw\n-A PREROUTING -j CT --notrack\nCOMMIT\n*filter\n-A OUTPUT -m connmark ! --mark 2 -j DROP\nCOMMIT\n",
    { kind: "udp" },
    "half-open",
  ],
  ["servers answer as urgently as anything", 4, "-A OUTPUT -p tcp -m tos ! --tos 0/0xff -j DROP", {}, "usable"],
  ["echoes as urgently as they are asked", 4, "-A OUTPUT -p icmp -m tos ! --tos 0/0xff -j DROP", { kind: "ping" }, "half-open usable"],
  [
    "a hash of a packet says nothing of its answer's",
    4,
    "*mangle\n-A PREROUTING -j HMARK --hmark-tuple src --hmark-mod 2 --hmark-rnd 1\n-A OUTPUT -j HMARK --hmark-tuple src --hmark-mod 2 --hmark-rnd 1\nCOMMIT\n*filter\n-A INPUT -m mark --mark 1 -j DROP\n-A OUTPUT -m mark --mark 1 -j DROP\nCOMMIT\n",
    {},
    "half-open refused usable",
  ],
  [
    "NAT that gives a packet the address that it has leaves no mark",
    4,
    "*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n*filter\n-A INPUT -m conntrack --ctstate SNAT -j DROP\nCOMMIT\n",
    { path: "local", interfaces: ["eth0=192.0.2.1/24", "eth1=198.51.100.1/24"] },
    "refused usable",
  ],
  [
    "tables of OUTPUT before NAT see the address that NAT of INPUT gave",
    4,
    "*nat\n-A INPUT -p tcp -j SNAT --to-source 192.0.2.77\nCOMMIT\n*raw\n-A OUTPUT ! -d 192.0.2.77 -p tcp -j DROP\nCOMMIT\n*filter\n-A OUTPUT -d 192.0.2.77 -p tcp -j DROP\nCOMMIT\n",
    {},
    "half-open usable",
  ],
  [
    "NAT undoes what it did, whatever prefixes do on the way",
    6,
    "*mangle\n-A POSTROUTING -o eth1 -s 2001:db8:1::/64 -j SNPT --src-pfx 2001:db8:1::/64 --dst-pfx 2001:db8:9::/64\nCOMMIT\n*nat\n-A POSTROUTING -s 2001:db8:9::/64 -j SNAT --to-source 2001:db8:2::77\nCOMMIT\n*filter\n-A FORWARD -i eth1 -m conntrack --ctstate NEW -j DROP\nCOMMIT\n",
    { path: "forward", interfaces: PREFIXED },
    "refused usable",
  ],
])("%s", (_, family, rules, circumstance, expected) => {
  expect(ends(family, rules, circumstance)).toBe(expected);
});
