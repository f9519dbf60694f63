/** Random rulesets that use every extension, run in both engines on packets of all kinds; and the laws of such a run. */
import fc from "fast-check";
import { expect } from "vitest";
import { printConnection } from "../../src/conntrack/index.ts";
import { createFirewall, type Firewall, type Outcome } from "../../src/engine/index.ts";
import { hostFromFlags, type Host } from "../../src/host/index.ts";
import { printSave, readRules } from "../../src/syntax/index.ts";
import type { Tier } from "../kernel/generate/piece.ts";
import { seededRandom, type Random } from "../kernel/generate/random.ts";
import { generateRuleset, rulesetText } from "../kernel/generate/ruleset.ts";
import { packetSequence } from "../kernel/generate/sequence.ts";
import type { Step } from "../kernel/referee.ts";
import { START } from "./machine.ts";
import { UNREADABLE } from "./unreadable.ts";

/** What determines a run. */
export interface Scene {
  readonly seed: number;
  readonly family: 4 | 6;
  readonly tier: Tier;
  readonly packets: number;
  /** Connections the table may hold. */
  readonly most: number;
  /** Bytes to write into packets, and where. */
  readonly damage: readonly (readonly [packet: number, at: number, value: number])[];
}

export const SCENES: fc.Arbitrary<Scene> = fc.record({
  seed: fc.nat(),
  family: fc.constantFrom<4 | 6>(4, 6),
  tier: fc.constantFrom<Tier>("plain", "stateless", "time", "random", "bridge"),
  packets: fc.integer({ min: 1, max: 60 }),
  most: fc.constantFrom(1, 2, 5, 1000),
  damage: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(255)), { maxLength: 30 }),
});

const INTERFACES = [
  "eth0=10.99.0.1/24,10.99.0.2/24,fd00:99:0::1/64",
  "eth1=10.99.1.1/24,10.98.0.1/16,fd00:99:1::1/64",
  "ppp0=10.99.2.1/24,fd00:99:2::1/64",
  "br0=10.99.3.1/24,fd00:99:3::1/64",
];
const ROUTES = [
  "default via 10.99.0.254 dev eth0",
  "192.168.0.0/16 via 10.99.1.254 dev eth1",
  "172.16.0.0/12 dev ppp0",
  "default via fd00:99::fe dev eth0",
  "2001:db8:1::/48 via fd00:99:1::fe dev eth1",
  "2001:db8:2::/47 dev ppp0",
];

function hostWith(most: number): Host {
  const sysctls = [
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    `net.netfilter.nf_conntrack_max=${most}`,
    "net.netfilter.nf_conntrack_acct=1",
  ];
  const { value, faults } = hostFromFlags({ interfaces: INTERFACES, bridges: ["br0=p0,p1"], routes: ROUTES, sysctls });
  if (value === undefined) throw new Error(faults.map(({ message }) => message).join());
  return value;
}
const HOSTS = new Map([1, 2, 5, 1000].map(most => [most, hostWith(most)]));
const PACKET_TYPE = { broadcast: 1, multicast: 2, otherhost: 3 } as const;

/** The same input gives the same in the reference engine, the compiled one and a traced run; and all output is within bounds. */
export function lawsOfRun(scene: Scene): void {
  const { seed, family, tier } = scene;
  const random = seededRandom(seed);
  const text = rulesetText(generateRuleset(random, family, tier));
  const { ruleset, faults } = readRules(text, "generated", { family });
  if (ruleset === undefined) throw new Error(`${faults.map(({ line, message }) => `${line}: ${message}`).join("\n")}\n${text}`);
  const host = HOSTS.get(scene.most) as Host;
  const start = (engine: "compiled" | "reference"): Firewall => {
    const dice = seededRandom(seed);
    return createFirewall({ ...(family === 4 ? { v4: ruleset } : { v6: ruleset }), host, random: () => dice.next(), start: START, engine });
  };
  const runs = [
    { firewall: start("compiled"), trace: false },
    { firewall: start("reference"), trace: false },
    { firewall: start("compiled"), trace: true },
  ];
  const said: string[][] = runs.map(() => []);
  let now = START;
  for (const step of stepsOf(random, scene)) {
    now += step.do === "wait" ? step.milliseconds * 1000 : 20;
    for (const [index, { firewall, trace }] of runs.entries()) {
      const outcome = play(firewall, step, now, trace);
      if (outcome === undefined) continue;
      checkBounds(outcome, firewall, scene, now, step);
      said[index]?.push(described(outcome));
    }
  }
  const [compiled = [], reference, traced] = said;
  expect(reference).toEqual(compiled);
  expect(traced).toEqual(compiled);
  const [left = "", ...others] = runs.map(({ firewall }) => ends(firewall, family, now));
  for (const other of others) expect(other).toBe(left);
}

/** Packets of a generated sequence, some of them with bytes changed. */
function stepsOf(random: Random, { family, tier, packets, damage }: Scene): Step[] {
  const steps: Step[] = [];
  const sequence = packetSequence(random, family, tier === "bridge");
  const silence = { delivered: [], emitted: [], logged: [], error: "" };
  for (let next = sequence.next(); next.done !== true && steps.length < packets; next = sequence.next(silence)) {
    const step = next.value;
    if (step.do === "wait") {
      steps.push(step);
      continue;
    }
    const bytes = step.bytes.slice();
    for (const [packet, at, value] of damage) if (packet % packets === steps.length && bytes.length > 0) bytes[at % bytes.length] = value;
    steps.push({ ...step, bytes });
  }
  return steps;
}

function play(firewall: Firewall, step: Step, now: number, trace: boolean): Outcome | undefined {
  if (step.do === "wait") return undefined;
  if (step.do === "send") return firewall.send({ bytes: step.bytes, uid: step.uid, gid: step.gid, mark: step.mark }, now, { trace });
  return firewall.receive({ bytes: step.bytes, in: step.device, mac: 0x02ff000000fe, pkttype: step.link && PACKET_TYPE[step.link] }, now, {
    trace,
  });
}

/** Bytes that one packet may set off in all, and lines. */
const MOST_BYTES = 1 << 20;
const MOST_LINE = 4000;

function checkBounds(
  { emitted, deliveries, logs, verdict, reason }: Outcome,
  firewall: Firewall,
  { most }: Scene,
  now: number,
  step: Step,
): void {
  const size = step.do === "wait" ? 0 : step.bytes.length;
  expect([...emitted, ...deliveries].reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(MOST_BYTES + 100 * size);
  for (const { text } of logs) expect(text.length).toBeLessThan(MOST_LINE);
  if (verdict === "dropped" || verdict === "rejected") expect(reason).not.toBe("");
  expect(firewall.connections(now).length).toBeLessThanOrEqual(most);
}

const hex = (bytes: Uint8Array | undefined): string => (bytes === undefined ? "-" : Buffer.from(bytes).toString("hex"));

function described({ verdict, reason, decidedBy, emitted, deliveries, errno, senderSees, logs, nflogs }: Outcome): string {
  const place = decidedBy ? `${decidedBy.table} ${decidedBy.chain} ${decidedBy.number}` : "-";
  const frames = emitted.map(({ interface: name, bytes, kind }) => `${name} ${kind} ${hex(bytes)}`);
  const arrived = deliveries.map(({ interface: name, bytes, mark }) => `${name} ${mark} ${hex(bytes)}`);
  return [
    verdict,
    reason,
    place,
    errno,
    senderSees,
    ...frames,
    ...arrived,
    ...logs.map(({ level, text }) => `${level} ${text}`),
    ...nflogs.map(({ group, prefix, bytes }) => `${group} ${prefix} ${hex(bytes)}`),
  ].join("\n");
}

/** Counters as save text, which must read back, and the connections. */
function ends(firewall: Firewall, family: 4 | 6, now: number): string {
  const ruleset = firewall.rulesetWithCounters(family);
  if (ruleset === undefined) return "";
  const saved = printSave(ruleset, { counters: true });
  if (!UNREADABLE.test(saved)) expect(readRules(saved, "counted", { family }).faults).toEqual([]);
  return (
    saved +
    firewall
      .connections(now)
      .map(each => printConnection(each, now))
      .join("\n")
  );
}
