import fc from "fast-check";
import { expect, test } from "vitest";
import { assumeHost, type Host } from "../host/index.ts";
import { dissect, hex, isFault, isNotationFault, parseNotation, specToBytes, type PacketSpec } from "../packet/index.ts";
import type { Opaque, Predicate } from "../predicate/index.ts";
import type { Rule, Ruleset, Table } from "../ruleset/index.ts";
import { readSave } from "../syntax/index.ts";
import type { EngineKind } from "./compile.ts";
import { createFirewall, type Firewall } from "./firewall.ts";
import type { Outcome } from "./outcome.ts";

const START = 1_700_000_000_000_000;

function rulesetOf(text: string): Ruleset {
  const { ruleset, faults } = readSave(text, "test", { family: 4 });
  if (ruleset === undefined) throw new Error(faults.map(fault => fault.message).join("; "));
  return ruleset;
}

function specOf(text: string): PacketSpec {
  const spec = parseNotation(text);
  if (isNotationFault(spec)) throw new Error(spec.message);
  return spec;
}

function hostFor(ruleset: Ruleset, specs: readonly PacketSpec[]): Host {
  return assumeHost(
    [ruleset],
    specs.map(spec => ({
      family: spec.family,
      source: spec.source.address,
      destination: spec.destination.address,
      in: spec.in,
      out: spec.out,
    })),
  );
}

function firewallFor(rules: string, packets: readonly string[], engine: EngineKind = "compiled"): Firewall {
  const ruleset = rulesetOf(rules);
  return createFirewall({ v4: ruleset, host: hostFor(ruleset, packets.map(specOf)), random: () => 7, start: START, engine });
}

function run(firewall: Firewall, packet: string, now = START, trace = false): Outcome {
  const spec = specOf(packet);
  const bytes = specToBytes(spec);
  return spec.in === undefined
    ? firewall.send({ bytes, uid: spec.uid ?? 1000 }, now, { trace })
    : firewall.receive({ bytes, in: spec.in }, now, { trace });
}

/** `verdict table:chain:number senderSees` of one packet through a fresh firewall. */
function fate(rules: string, packet: string): string {
  const { verdict, decidedBy, senderSees } = run(firewallFor(rules, [packet]), packet);
  const place = decidedBy ? `${decidedBy.table}:${decidedBy.chain}:${decidedBy.number}` : "nobody";
  return [verdict, place, senderSees ?? ""].join(" ").trim();
}

const filter = (...lines: readonly string[]): string => `*filter\n${lines.join("\n")}\nCOMMIT\n`;
const SYN = "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0";
const OUT = "tcp 198.51.100.2:40000 > 203.0.113.9:80 syn out eth0";

test.each<[string, string, string]>([
  [filter("-A INPUT -p tcp --dport 22 -j ACCEPT"), SYN, "delivered filter:INPUT:1"],
  [filter(":INPUT DROP [0:0]"), SYN, "dropped filter:INPUT:0 ETIMEDOUT"],
  [filter("-A INPUT -j DROP"), SYN, "dropped filter:INPUT:1 ETIMEDOUT"],
  [filter("-A INPUT -j REJECT"), SYN, "rejected filter:INPUT:1 ECONNREFUSED"],
  [filter("-A INPUT -p tcp -j REJECT --reject-with tcp-reset"), SYN, "rejected filter:INPUT:1 ECONNREFUSED"],
  [filter("-A INPUT -j REJECT --reject-with icmp-host-prohibited"), SYN, "rejected filter:INPUT:1 EHOSTUNREACH"],
  [filter("-A INPUT -j REJECT --reject-with icmp-net-unreachable"), SYN, "rejected filter:INPUT:1 ENETUNREACH"],
  [filter("-A INPUT -j REJECT --reject-with icmp-proto-unreachable"), SYN, "rejected filter:INPUT:1 ENOPROTOOPT"],
  // Measured: connect() does not hear of a dropped SYN of its own, send() of a datagram does.
  [filter("-A OUTPUT -j DROP"), OUT, "dropped filter:OUTPUT:1 ETIMEDOUT"],
  // Its own copy of a broadcast has a way of its own.
  [filter("-A OUTPUT -j ACCEPT", "-A INPUT -j DROP"), "udp 198.51.100.2:40000 > 255.255.255.255:137 out eth0", "sent filter:OUTPUT:1"],
  [filter("-A OUTPUT -p tcp -j REJECT"), OUT, "rejected filter:OUTPUT:1 ECONNREFUSED"],
  [filter("-A OUTPUT -p tcp -j REJECT --reject-with icmp-admin-prohibited"), OUT, "rejected filter:OUTPUT:1 EHOSTUNREACH"],
  // The error that REJECT sends is dropped by the same rule.
  [filter("-A OUTPUT -j REJECT"), OUT, "rejected filter:OUTPUT:1 ETIMEDOUT"],
  [filter("-A OUTPUT -p udp -j REJECT"), "udp 198.51.100.2:40000 > 203.0.113.9:80 out eth0", "rejected filter:OUTPUT:1 EPERM"],
  // Jumps, gotos and returns: a goto's chain ends in the built-in chain's policy, a jump's goes on behind it.
  [filter(":A - [0:0]", "-A INPUT -j A", "-A INPUT -j DROP", "-A A -p udp -j ACCEPT"), SYN, "dropped filter:INPUT:2 ETIMEDOUT"],
  [filter(":A - [0:0]", "-A INPUT -g A", "-A INPUT -j DROP", "-A A -p udp -j ACCEPT"), SYN, "delivered filter:INPUT:0"],
  [filter(":A - [0:0]", "-A INPUT -j A", "-A INPUT -j DROP", "-A A -j RETURN", "-A A -j ACCEPT"), SYN, "dropped filter:INPUT:2 ETIMEDOUT"],
  [
    filter(":A - [0:0]", ":B - [0:0]", "-A INPUT -j A", "-A INPUT -j DROP", "-A A -g B", "-A A -j ACCEPT", "-A B -p udp -j ACCEPT"),
    SYN,
    "dropped filter:INPUT:2 ETIMEDOUT",
  ],
  [filter("-A INPUT -j RETURN", "-A INPUT -j DROP"), SYN, "delivered filter:INPUT:0"],
  // Hotdrop: a port match cannot read a header that is cut.
  [filter("-A FORWARD -j ACCEPT"), "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn ttl 1 in eth0 out eth1", "dropped nobody EHOSTUNREACH"],
  [filter("-A FORWARD -j DROP"), "udp 203.0.113.9:40000 > 198.51.100.2:22 ttl 2 in eth0 out eth1", "dropped filter:FORWARD:1 ETIMEDOUT"],
  // Martians never reach a filter.
  [filter("-A INPUT -j ACCEPT"), "udp 127.0.0.1:40000 > 198.51.100.2:22 in eth0", "dropped nobody ETIMEDOUT"],
  [filter("-A INPUT -j ACCEPT"), "udp 224.0.0.1:40000 > 198.51.100.2:22 in eth0", "dropped nobody ETIMEDOUT"],
  // Over loopback: OUTPUT, POSTROUTING, PREROUTING, INPUT.
  [filter("-A INPUT -i lo -j DROP"), "udp 127.0.0.1:40000 > 127.0.0.1:22 out lo", "dropped filter:INPUT:1 ETIMEDOUT"],
])("%s%s is %s", (rules, packet, expected) => {
  expect(fate(rules, packet)).toBe(expected);
});

test("counters grow by packets and by the bytes of the IP packet, where a rule matched whatever its target", () => {
  const firewall = firewallFor(filter("-A INPUT -p tcp", "-A INPUT -p udp -j DROP", "-A INPUT -j ACCEPT"), [SYN]);
  run(firewall, SYN);
  run(firewall, SYN);
  const input = firewall.counters(4).get("filter")?.get("INPUT");
  const length = BigInt(specToBytes(specOf(SYN)).length);
  expect(input?.rules.map(({ packets, bytes }) => `${packets} ${bytes / length}`)).toEqual(["2 2", "0 0", "2 2"]);
  expect(input?.policy?.packets).toBe(0n);
});

test("counters start from the ruleset's own, exact beyond 2^53", () => {
  const firewall = firewallFor("*filter\n:INPUT ACCEPT [9007199254740993:1]\n[5:9007199254740995] -A INPUT -p tcp\nCOMMIT\n", [SYN]);
  run(firewall, SYN);
  const input = firewall.counters(4).get("filter")?.get("INPUT");
  expect(input?.policy?.packets).toBe(9007199254740994n);
  expect(input?.rules[0]).toEqual({ packets: 6n, bytes: 9007199254740995n + BigInt(specToBytes(specOf(SYN)).length) });
  expect(firewall.rulesetWithCounters(4)?.tables.get("filter")?.chains.get("INPUT")?.counters.packets).toBe(9007199254740994n);
});

function withRules(ruleset: Ruleset, change: (rule: Rule) => Rule): Ruleset {
  const chains = ({ chains }: Table): Table["chains"] =>
    new Map([...chains].map(([name, chain]) => [name, { ...chain, rules: chain.rules.map(change) }]));
  return { ...ruleset, tables: new Map([...ruleset.tables].map(([name, table]) => [name, { ...table, chains: chains(table) }])) };
}

const withPredicates = (ruleset: Ruleset, change: (predicate: Predicate) => Predicate): Ruleset =>
  withRules(ruleset, rule => ({ ...rule, conditions: rule.conditions.map(each => ({ ...each, predicate: change(each.predicate) })) }));

/** A ruleset whose predicates fall silent when told: whoever asks them then fails the test. */
const watched = (ruleset: Ruleset, armed: { now: boolean }): Ruleset =>
  withPredicates(
    ruleset,
    predicate =>
      new Proxy(predicate, {
        get(target, key) {
          if (armed.now) throw new Error(`asked for ${String(key)} of a predicate`);
          return Reflect.get(target, key) as unknown;
        },
      }),
  );

test.each<[EngineKind, boolean]>([
  ["compiled", false],
  ["reference", true],
])("the %s engine asks predicates each time: %s", (engine, asks) => {
  const armed = { now: false };
  const ruleset = watched(rulesetOf(filter("-A INPUT -p tcp --dport 22 -j ACCEPT", "-A INPUT -j DROP")), armed);
  const firewall = createFirewall({ v4: ruleset, host: hostFor(ruleset, [specOf(SYN)]), random: () => 7, start: START, engine });
  run(firewall, SYN);
  armed.now = true;
  if (asks) expect(() => run(firewall, SYN)).toThrow("of a predicate");
  else expect(run(firewall, SYN).verdict).toBe("delivered");
});

test("rules that no packet meets: their states start at load, in order, and their chains must be there", () => {
  const ruleset = rulesetOf(
    "*filter\n:INPUT ACCEPT\n:A -\n:B -\n-A A -m limit --limit 1/s\n-A A -s 10.0.0.1 -j B\n-A B -m limit --limit 2/s\nCOMMIT\n",
  );
  const load = (v4: Ruleset): Firewall => createFirewall({ v4, host: hostFor(ruleset, [specOf(SYN)]), random: () => 7, start: START });
  const started: string[] = [];
  const noted = <T>(opaque: Opaque<T>): Opaque<T> => ({
    ...opaque,
    start: moment => {
      started.push(opaque.about);
      return opaque.start(moment);
    },
  });
  load(withPredicates(ruleset, each => (each.is === "opaque" ? { ...each, opaque: noted(each.opaque) } : each)));
  expect(started).toEqual([expect.stringContaining("1/s"), expect.stringContaining("2/s")]);
  const astray = withRules(ruleset, rule =>
    rule.target ? { ...rule, target: { ...rule.target, action: { do: "jump", chain: "C" } } } : rule,
  );
  expect(() => load(astray)).toThrow("no chain C in table filter");
});

const RULES = [
  "-p tcp --dport 22 -j ACCEPT",
  "-p tcp ! --syn -m state --state NEW -j DROP",
  "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
  "-s 10.0.0.0/8 -j REJECT",
  "-p udp -m multiport --dports 53,123 -j A",
  "-j LOG --log-prefix x",
  "-m limit --limit 1/s --limit-burst 2 -j ACCEPT",
  "-i eth+ -g A",
  "-p icmp --icmp-type 8 -j RETURN",
] as const;
const PACKETS = [
  "tcp 203.0.113.9:40000 > 198.51.100.2:22 syn in eth0",
  "tcp 203.0.113.9:40000 > 198.51.100.2:22 ack in eth0",
  "udp 10.0.0.7:40000 > 198.51.100.2:53 in eth0",
  "udp 203.0.113.9:40001 > 198.51.100.2:99 in eth1",
  "icmp 203.0.113.9 > 198.51.100.2 echo-request in eth0",
  "tcp 10.0.0.7:40000 > 198.51.100.2:80 fin in eth1",
] as const;

test("compiled and reference engine agree on every outcome, counter and log line, traced or not", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...RULES), { maxLength: 6 }),
      fc.array(fc.constantFrom(...PACKETS), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (rules, packets, trace) => {
        const text = filter(":INPUT DROP [0:0]", ":A - [0:0]", ...rules.map(rule => `-A INPUT ${rule}`), "-A A -p tcp -j DROP");
        const [a, b] = [firewallFor(text, PACKETS, "compiled"), firewallFor(text, PACKETS, "reference")];
        for (const [index, packet] of packets.entries()) {
          const now = START + index * 1000;
          expect(told(run(a, packet, now, trace))).toEqual(told(run(b, packet, now)));
        }
        expect(a.counters(4)).toEqual(b.counters(4));
      },
    ),
    { numRuns: 150 },
  );
});

const told = ({ verdict, reason, emitted, logs, decidedBy }: Outcome): unknown => [
  verdict,
  reason,
  emitted.map(({ interface: device, bytes }) => `${device} ${hex(bytes)}`),
  logs,
  decidedBy?.chain,
  decidedBy?.number,
];

test("hostile bytes never throw", () => {
  const firewall = firewallFor(filter("-A INPUT -m state --state NEW -j REJECT", "-A FORWARD -j LOG --log-ip-options --log-tcp-options"), [
    SYN,
  ]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0x45, 0x46, 0x4f, 0x60), (noise, first) => {
      const bytes = Uint8Array.from([first, ...noise]);
      if (bytes.length >= 20 && first < 0x50) {
        // A length that fits lets the packet come further.
        bytes[2] = bytes.length >> 8;
        bytes[3] = bytes.length & 0xff;
      }
      const outcome = firewall.receive({ bytes, in: "eth0" }, START);
      expect(typeof outcome.verdict).toBe("string");
      expect(isFault(dissect(bytes)) ? outcome.verdict : "dropped").toBe("dropped");
      firewall.send({ bytes }, START);
    }),
    { numRuns: 2000 },
  );
});
