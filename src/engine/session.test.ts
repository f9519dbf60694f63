import { expect, test } from "vitest";
import { LOOPBACK, type Host, type Listener } from "../host/index.ts";
import { parseIpv4, parseNotation, isNotationFault, type PacketSpec } from "../packet/index.ts";
import { readSave } from "../syntax/index.ts";
import { createFirewall } from "./firewall.ts";
import { runSession } from "./session.ts";
import { ordinaryOpener } from "./session-script.ts";

const four = (text: string): number => parseIpv4(text) ?? Number.NaN;
const START = 1_700_000_000_000_000;

/** A home router: 192.168.1.0/24 behind lan0, the rest by wan0. */
const host = (listeners?: readonly Listener[]): Host => ({
  interfaces: [
    LOOPBACK,
    { name: "wan0", link: "ethernet", up: true, mtu: 1500, addresses: [{ family: 4, address: four("203.0.113.7"), prefixLength: 24 }] },
    { name: "lan0", link: "ethernet", up: true, mtu: 1500, addresses: [{ family: 4, address: four("192.168.1.1"), prefixLength: 24 }] },
  ],
  routes: [
    { family: 4, table: 254, type: "unicast", destination: 0, prefixLength: 0, device: "wan0", gateway: four("203.0.113.1"), metric: 0 },
  ],
  rules: [],
  sysctls: new Map([["net.ipv4.ip_forward", 1]]),
  assumed: [],
  ...(listeners && { listeners }),
});

/** A session by the packet that opens it. */
function spec(text: string): PacketSpec {
  const read = parseNotation(text);
  if (isNotationFault(read)) throw new Error(read.message);
  return ordinaryOpener(read);
}

const STATEFUL =
  "-A INPUT -m state --state ESTABLISHED -j ACCEPT\n-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n-A OUTPUT -m state --state ESTABLISHED -j ACCEPT\n";
const CLOSED = `*filter\n:INPUT DROP\n:FORWARD DROP\n:OUTPUT DROP\n${STATEFUL}`;

/** `complete`, or the step at which it died and what the client sees. */
function story(rules: string, session: PacketSpec, listeners?: readonly Listener[]): string {
  const { ruleset, faults } = readSave(rules, "test", { family: 4 });
  if (ruleset === undefined) throw new Error(faults.map(fault => fault.message).join("; "));
  const result = runSession(createFirewall({ v4: ruleset, host: host(listeners), random: () => 7, start: START }), session, START);
  return result.complete ? `complete ${result.steps.length}` : `${result.died?.step}: ${result.clientSees ?? "nothing"}`;
}

const SSH = spec("tcp 198.51.100.9:40000 > 203.0.113.7:22 in wan0");
const HAIRPIN = "*nat\n-A PREROUTING -d 203.0.113.7 -p tcp --dport 80 -j DNAT --to-destination 192.168.1.80\nCOMMIT\n";
const INNER = spec("tcp 192.168.1.5:40000 > 203.0.113.7:80 in lan0");
const SURF = spec("tcp 192.168.1.5:40000 > 93.184.216.34:80 in lan0");

test.each<[string, string, PacketSpec, string, (readonly Listener[])?]>([
  ["allowed in", `${CLOSED}-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n`, SSH, "complete 8"],
  ["not allowed", `${CLOSED}COMMIT\n`, SSH, "SYN: ETIMEDOUT"],
  ["rejected", `*filter\n-A INPUT -p tcp -j REJECT --reject-with icmp-host-prohibited\nCOMMIT\n`, SSH, "SYN: EHOSTUNREACH"],
  ["the answer is dropped", "*filter\n:OUTPUT DROP\nCOMMIT\n", SSH, "SYN+ACK: ETIMEDOUT"],
  ["the rest is dropped", "*filter\n:INPUT DROP\n-A INPUT -p tcp --syn -j ACCEPT\nCOMMIT\n", SSH, "ACK: ETIMEDOUT"],
  [
    "masqueraded",
    `*nat\n-A POSTROUTING -o wan0 -j MASQUERADE\nCOMMIT\n${CLOSED}-A FORWARD -i lan0 -j ACCEPT\nCOMMIT\n`,
    SURF,
    "complete 8",
  ],
  ["passed on", `${CLOSED}-A FORWARD -i lan0 -j ACCEPT\nCOMMIT\n`, SURF, "complete 8"],
  [
    "port forwarded",
    `*nat\n-A PREROUTING -i wan0 -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.5:80\nCOMMIT\n${CLOSED}-A FORWARD -d 192.168.1.5 -p tcp --dport 80 -j ACCEPT\nCOMMIT\n`,
    spec("tcp 198.51.100.9:40000 > 203.0.113.7:8080 in wan0"),
    "complete 8",
  ],
  [
    "forwarded, but FORWARD wants the old port",
    `*nat\n-A PREROUTING -i wan0 -p tcp --dport 8080 -j DNAT --to-destination 192.168.1.5:80\nCOMMIT\n${CLOSED}-A FORWARD -p tcp --dport 8080 -j ACCEPT\nCOMMIT\n`,
    spec("tcp 198.51.100.9:40000 > 203.0.113.7:8080 in wan0"),
    "SYN: ETIMEDOUT",
  ],
  ["asked by a neighbour of the server, which answers past this machine", HAIRPIN, INNER, "SYN+ACK: ETIMEDOUT"],
  [
    "the same with the source translated too",
    HAIRPIN.replace("COMMIT", "-A POSTROUTING -o lan0 -j MASQUERADE\nCOMMIT"),
    INNER,
    "complete 8",
  ],
  ["redirected", "*nat\n-A PREROUTING -i lan0 -p tcp --dport 80 -j REDIRECT --to-ports 3128\nCOMMIT\n", SURF, "complete 8"],
  [
    "redirected by the machine for itself",
    "*nat\n-A OUTPUT -p tcp --dport 80 -j REDIRECT --to-ports 3128\nCOMMIT\n",
    spec("tcp 203.0.113.7:40000 > 93.184.216.34:80"),
    "complete 8",
  ],
  ["a DNS question", `${CLOSED}-A OUTPUT -p udp --dport 53 -j ACCEPT\nCOMMIT\n`, spec("udp 203.0.113.7:40000 > 9.9.9.9:53"), "complete 3"],
  ["its answer has no rule", "*filter\n:INPUT DROP\nCOMMIT\n", spec("udp 203.0.113.7:40000 > 9.9.9.9:53"), "answer: ETIMEDOUT"],
  ["a ping through NAT", `*nat\n-A POSTROUTING -o wan0 -j MASQUERADE\nCOMMIT\n`, spec("icmp 192.168.1.5 > 9.9.9.9 in lan0"), "complete 2"],
  [
    "from outside, which no interface is named for",
    `${CLOSED}-A INPUT -i wan0 -p tcp --dport 22 -j ACCEPT\nCOMMIT\n`,
    spec("tcp 198.51.100.9:40000 > 203.0.113.7:22"),
    "complete 8",
  ],
  ["nobody listens", "*filter\nCOMMIT\n", SSH, "SYN: ECONNREFUSED", [{ protocol: "tcp", port: 80 }]],
  ["somebody listens", "*filter\nCOMMIT\n", SSH, "complete 8", [{ protocol: "tcp", port: 22 }]],
])("%s", (_, rules, session, expected, listeners) => {
  expect(story(rules, session, listeners)).toBe(expected);
});

test("an answer that takes another way than the client is on says where it goes", () => {
  const { ruleset } = readSave("*filter\nCOMMIT\n", "test", { family: 4 });
  if (ruleset === undefined) throw new Error("no rules");
  const firewall = createFirewall({ v4: ruleset, host: host(), random: () => 7, start: START });
  const result = runSession(firewall, spec("tcp 198.51.100.9:40000 > 203.0.113.7:22 in lan0"), START);
  expect(result.died).toMatchObject({ step: "SYN+ACK", reason: "it leaves by wan0, and the other side is behind lan0" });
});
