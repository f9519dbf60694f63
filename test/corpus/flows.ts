/** Real rulesets on a machine with interfaces and routes, and packets in order: frames that leave, deliveries, counters, connections. */
import { readdirSync } from "node:fs";
import { printConnection } from "../../src/conntrack/index.ts";
import { createFirewall, type Firewall, type Outcome } from "../../src/engine/index.ts";
import { dissect, hex, isFault, u16, unhex } from "../../src/packet/index.ts";
import type { Family } from "../../src/predicate/index.ts";
import { readSave } from "../../src/syntax/index.ts";
import { fixedRandom, gzippedJson, hostOf, macOf, masked, without, type Listeners, type Topology } from "./packet-case.ts";
import type { SuiteResult } from "./suite.ts";

interface Flow {
  readonly source: string;
  readonly family: Family;
  readonly input: string;
  readonly topology: Topology;
  readonly clock: string;
  readonly listeners: Listeners;
  readonly events: readonly FlowEvent[];
}

interface FlowEvent {
  readonly t: number;
  readonly kind: "inject" | "local";
  readonly dev: string | null;
  readonly note: string;
  readonly pkt: string;
  readonly delivered: number;
  readonly emitted: readonly (readonly [string, string])[];
  readonly counters: Readonly<Record<string, readonly [number, number]>>;
  /** The table after the packet, when it changed. */
  readonly conntrack?: readonly string[];
  readonly errno?: number;
}

const EPERM = 1;
const LISTED = 40;
const HANDLED: ReadonlySet<number> = new Set([1, 2, 6, 17, 58]);

export const name = "flows";

export async function run(dir: string): Promise<SuiteResult> {
  const outOfReach = new Map<string, number>();
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let total = 0;
  let agreed = 0;
  const folder = `${dir}/expected/packets/flows`;
  for (const file of readdirSync(folder)
    .filter(file => file.endsWith(".json.gz"))
    .toSorted()) {
    const flow = gzippedJson<Flow>(`${folder}/${file}`);
    const { ruleset, faults } = readSave(flow.input, flow.source, { family: flow.family });
    if (ruleset === undefined) {
      const reason = faults[0]?.message ?? "refused";
      outOfReach.set(reason, (outOfReach.get(reason) ?? 0) + flow.events.length);
      continue;
    }
    const start = Date.parse(flow.clock.replace("+0000", "Z")) * 1000;
    const host = hostOf(flow.topology, flow.family, flow.listeners, networksOf(flow.topology));
    const random = fixedRandom();
    const firewall = createFirewall({ [flow.family === 4 ? "v4" : "v6"]: ruleset, host, random: random.next, start });
    let connections: readonly string[] = [];
    for (const [index, event] of flow.events.entries()) {
      const now = start + event.t * 1_000_000;
      const before = countersOf(firewall, flow.family);
      random.prime(drawn(event));
      const outcome = play(firewall, flow, event, now);
      const counted = difference(before, countersOf(firewall, flow.family));
      connections = event.conntrack ?? connections;
      const check = (what: string, expected: string, got: string): void => {
        total++;
        if (expected === got) agreed++;
        else disagreements.push({ id: `${file} #${index} ${event.note}: ${what}`, expected, got });
      };
      // The measuring machine counts what a protocol handler took.
      const taken = outcome.deliveries.some(({ bytes }) => HANDLED.has(protocolOf(bytes)));
      check("delivered", String(event.delivered), taken ? "1" : "0");
      if (event.kind === "local")
        check(
          "error",
          String(event.errno ?? 0),
          String(outcome.errno === "EPERM" ? EPERM : outcome.errno === undefined ? 0 : outcome.errno),
        );
      check(
        "frames",
        framesOf(event.emitted, event.pkt),
        framesOf(
          outcome.emitted.map(({ interface: device, bytes }) => [device, hex(bytes)] as const),
          event.pkt,
        ),
      );
      if (onlyOwnTraffic(flow.family, event.counters, counted)) {
        outOfReach.set(
          "counters with the machine's own multicast reports",
          (outOfReach.get("counters with the machine's own multicast reports") ?? 0) + 1,
        );
      } else check("counters", printCounters(event.counters), printCounters(counted));
      const lines = firewall.connections(now).map(connection => printConnection(connection, now, { timeouts: false }));
      // The record has the first forty lines.
      const listed = lines.toSorted().slice(0, LISTED);
      check("connections", without(connections, listed), without(listed, connections));
    }
  }
  return { name, agreed, total, outOfReach, disagreements };
}

function networksOf({ routes, default: gateway }: Topology): (readonly [string, string])[] {
  return [...Object.entries(routes), ...(gateway === undefined ? [] : [["default", gateway] as const])];
}

function play(firewall: Firewall, { topology }: Flow, event: FlowEvent, now: number): Outcome {
  const bytes = unhex(event.pkt);
  if (event.dev === null) return firewall.send({ bytes, uid: 0, gid: 0 }, now);
  const mac = topology.peer_mac?.[event.dev];
  return firewall.receive({ bytes, in: event.dev, ...(mac !== undefined && { mac: macOf(mac) }) }, now);
}

/** The number that the kernel drew for a source port or echo id that was taken: read off the frame it sent. */
function drawn({ pkt, emitted }: FlowEvent): number | undefined {
  const [sent, left] = [pkt, emitted[0]?.[1] ?? ""].map(frame => {
    const bytes = unhex(frame);
    const layout = dissect(bytes);
    if (isFault(layout) || layout.l4 + 8 > layout.totalLength) return undefined;
    const echo = layout.protocol === 1;
    return { protocol: layout.protocol, echo, number: u16(bytes, echo ? layout.l4 + 4 : layout.l4) };
  });
  if (sent === undefined || left === undefined || sent.protocol !== left.protocol || sent.number === left.number) return undefined;
  return left.echo ? left.number : left.number - 1024;
}

/** The packet itself byte for byte, what the kernel made with its own numbers masked. */
function framesOf(frames: readonly (readonly [string, string])[], packet: string): string {
  return frames
    .map(
      ([device, frame]) =>
        `${device} ${frame.slice(8, 12) === packet.slice(8, 12) && frame.length === packet.length ? frame : masked(frame)}`,
    )
    .join("\n");
}

function protocolOf(bytes: Uint8Array): number {
  const layout = dissect(bytes);
  return isFault(layout) ? -1 : layout.protocol;
}

/** IPv6 machines report their multicast groups when they please, and their own OUTPUT counts it. */
function onlyOwnTraffic(family: Family, expected: FlowEvent["counters"], got: FlowEvent["counters"]): boolean {
  if (family === 4) return false;
  const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
  const different = [...keys].filter(key => printCounters({ key: expected[key] ?? [0, 0] }) !== printCounters({ key: got[key] ?? [0, 0] }));
  return (
    different.length === 1 &&
    different[0] === "filter/OUTPUT/policy" &&
    (expected["filter/OUTPUT/policy"]?.[0] ?? 0) > (got["filter/OUTPUT/policy"]?.[0] ?? 0)
  );
}

type CounterMap = Map<string, readonly [bigint, bigint]>;

function countersOf(firewall: Firewall, family: Family): CounterMap {
  const counters: CounterMap = new Map();
  for (const [table, chains] of firewall.counters(family)) {
    for (const [chain, { policy, rules }] of chains) {
      if (policy) counters.set(`${table}/${chain}/policy`, [policy.packets, policy.bytes]);
      for (const [index, rule] of rules.entries()) counters.set(`${table}/${chain}/${index + 1}`, [rule.packets, rule.bytes]);
    }
  }
  return counters;
}

function difference(before: CounterMap, after: CounterMap): Record<string, readonly [number, number]> {
  const counted: Record<string, readonly [number, number]> = {};
  for (const [key, [packets, bytes]] of after) {
    const [oldPackets, oldBytes] = before.get(key) ?? [0n, 0n];
    if (packets !== oldPackets || bytes !== oldBytes) counted[key] = [Number(packets - oldPackets), Number(bytes - oldBytes)];
  }
  return counted;
}

function printCounters(counters: Readonly<Record<string, readonly [number, number]>>): string {
  return Object.entries(counters)
    .map(([key, [packets, bytes]]) => `${key} ${packets} ${bytes}`)
    .toSorted()
    .join("\n");
}
