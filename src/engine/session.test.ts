import { expect, test } from "vitest";
import { LOOPBACK, type Host, type Listener } from "../host/index.ts";
import { parseIpv4, parseNotation, isNotationFault, type PacketSpec } from "../packet/index.ts";
import { readSave } from "../syntax/index.ts";
import { createFirewall } from "./firewall.ts";
import { runSession, sessionLengths } from "./session.ts";
import { ordinaryOpener, type Lengths } from "./session-script.ts";

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

/** Sizes of a played session's packets by its steps; `tos N` where one has a type of service, `ttl N` where its hop count is not 64. */
function sizes(session: PacketSpec, lengths?: Lengths): string {
  const firewall = createFirewall({ host: host(), random: () => 7, start: START });
  const { steps, complete } = runSession(firewall, session, START, 10_000, { again: true, lengths });
  const told = steps.map(({ name, sent }) => {
    const words = [sent[1] === 0 ? "" : ` tos ${sent[1]}`, sent[8] === 64 ? "" : ` ttl ${sent[8]}`];
    return `${name} ${sent.length}${words.join("")}`;
  });
  return `${complete ? "" : "incomplete: "}${told.join(", ")}`;
}

const ASKED = "udp 198.51.100.9:40000 > 203.0.113.7:53 in wan0";

test.each<[string, string, string, Lengths?]>([
  [
    "nobody says more",
    "tcp 198.51.100.9:40000 > 203.0.113.7:22 in wan0",
    "SYN 44, SYN+ACK 44, ACK 40, request 58, response 59, FIN from the server 40, FIN from the client 40, last ACK 40",
  ],
  [
    "of other lengths",
    "tcp 198.51.100.9:40000 > 203.0.113.7:22 in wan0",
    "SYN 44, SYN+ACK 60, ACK 40, request 1400, response 41, FIN from the server 40, FIN from the client 40, last ACK 40",
    { answer: 60, client: 1400, server: 20 },
  ],
  [
    "datagrams",
    ASKED,
    "query 33, answer 28, query again 100, answer again 1400, query later 100, answer later 1400",
    { answer: 0, client: 100, server: 1400 },
  ],
  [
    "a server has its own hop count",
    `${ASKED} ttl 9 tos 4`,
    "query 33 tos 4 ttl 9, answer 34, query again 33 tos 4 ttl 9, answer again 34, query later 33 tos 4 ttl 9, answer later 34",
  ],
  [
    "and answers a ping as urgently as it was asked",
    "icmp 198.51.100.9 > 203.0.113.7 echo-request in wan0 tos 4",
    "echo request 32 tos 4, echo reply 32 tos 4, echo request again 32 tos 4, echo reply again 32 tos 4",
  ],
])("packets of a session: %s", (_, session, expected, lengths) => expect(sizes(spec(session), lengths)).toBe(expected));

test("lengths that sessions have unless others are asked for", () => {
  expect(sessionLengths(spec(ASKED))).toEqual({ answer: 34, client: 33, server: 34 });
  expect(sessionLengths(spec("tcp 198.51.100.9:40000 > 203.0.113.7:22"))).toEqual({ answer: 44, client: 58, server: 59 });
});
