import { buildPacket, PROTOCOL, TCP_FLAG, type PacketRepr, type TransportRepr } from "../../packet/index.ts";
import type { Family, Field, Scalar } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import type { Hook, TableName } from "../../xtables/index.ts";
import { meet, type Box } from "./box.ts";
import { traitsOf, writesOf } from "./traits.ts";
import { trafficOf } from "./traffic.ts";

/** Packets that open connections, one for each of many rules, and where they come in and go out. */
export interface PacketMix {
  readonly packets: readonly Uint8Array[];
  /** The interfaces that most rules ask for; undefined where none does. */
  readonly in: string | undefined;
  readonly out: string | undefined;
}

/** Different packets of one mix. */
const MOST_KINDS = 256;
/** Packets of one mix; those of busy rules occur more than once. */
const LENGTH = 512;

/**
 * A mix of packets for one built-in chain: for each of its rules, and of the rules in chains that it leads to, a packet by the rule's own tests, as
 * often as the rule counts; and one that no rule asks for. Earlier rules may take a packet first.
 */
export function packetMix(ruleset: Ruleset, table: TableName, hook: Hook): PacketMix {
  const { family } = ruleset;
  const chains = ruleset.tables.get(table)?.chains ?? new Map();
  const traffic = trafficOf(chains);
  const writes = writesOf(chains);
  const kinds: { readonly box: Box; readonly weight: number }[] = [];
  const visit = (name: string, outer: Box | undefined, depth: number): void => {
    const flow = traffic.get(name);
    for (const [at, rule] of (chains.get(name)?.rules ?? []).entries()) {
      const box = traitsOf(rule, writes).regions[0]?.boxes[0];
      if (box === undefined || kinds.length >= MOST_RULES) continue;
      const inner = outer ? meet(outer, box) : box;
      const action = rule.target?.action;
      if ((action?.do === "jump" || action?.do === "goto") && depth > 0) visit(action.chain, inner, depth - 1);
      else kinds.push({ box: inner, weight: Math.max(flow?.matched[at] ?? 0, 1e-9) });
    }
  };
  visit(hook, undefined, MOST_DEPTH);
  const step = Math.max(1, kinds.length / MOST_KINDS);
  const chosen = Array.from(
    { length: Math.min(MOST_KINDS, kinds.length) },
    (_, at) => kinds[Math.floor(at * step)] as (typeof kinds)[number],
  );
  const total = chosen.reduce((sum, { weight }) => sum + weight, 0);
  const packets: Uint8Array[] = [packetOf(undefined, family, 0)];
  for (const [at, { box, weight }] of chosen.entries()) {
    const packet = packetOf(box, family, at + 1);
    const copies = Math.max(1, Math.round((weight / total) * (LENGTH - chosen.length)));
    for (let copy = 0; copy < copies; copy++) packets.push(packet);
  }
  const boxes = kinds.map(({ box }) => box);
  return { packets: shuffled(packets), in: nameOf(boxes, "iif"), out: nameOf(boxes, "oif") };
}

/** Rules that are looked at, and chains inside chains. */
const MOST_RULES = 100_000;
const MOST_DEPTH = 16;

/** Alike ones apart from each other, the same for every run. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  const result = [...items];
  let state = 1;
  for (let at = result.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    [result[at], result[other]] = [result[other] as T, result[at] as T];
  }
  return result;
}

/** The interface that most boxes name. */
function nameOf(boxes: readonly Box[], field: "iif" | "oif"): string | undefined {
  const counts = new Map<string, number>();
  for (const { names } of boxes)
    for (const name of names)
      if (name.field === field && !name.negated && name.text !== "" && name.text !== "lo") {
        const text = name.prefix ? `${name.text}0` : name.text;
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

/** Ordinary addresses, in networks kept for documentation. */
const PEER: Readonly<Record<Family, readonly [source: Scalar, destination: Scalar]>> = {
  4: [0xcb007109, 0xc6336402],
  6: [0x2001_0db8_0000_0000_0000_0000_0000_0009n, 0x2001_0db8_0001_0000_0000_0000_0000_0002n],
};

function packetOf(box: Box | undefined, family: Family, number: number): Uint8Array {
  const [source, destination] = PEER[family];
  const address = { source: valueOf(box, "saddr") ?? source, destination: valueOf(box, "daddr") ?? destination };
  const transport = transportOf(box, family, number);
  const repr = { family, ...address, ttl: 64, id: number & 0xffff, transport } as PacketRepr;
  return buildPacket(repr);
}

function transportOf(box: Box | undefined, family: Family, number: number): TransportRepr {
  const protocol = Number(valueOf(box, "protocol") ?? PROTOCOL.TCP);
  const sourcePort = Number(valueOf(box, "sport") ?? 40_000 + number);
  const destinationPort = Number(valueOf(box, "dport") ?? 9);
  switch (protocol) {
    case PROTOCOL.TCP:
      return { kind: "tcp", sourcePort, destinationPort, flags: TCP_FLAG.SYN, sequence: number, window: 64_240 };
    case PROTOCOL.UDP:
      return { kind: "udp", sourcePort, destinationPort, payload: new Uint8Array(8) };
    case PROTOCOL.ICMP:
      if (family === 4)
        return { kind: "icmp", type: Number(valueOf(box, "icmptype") ?? 8), code: 0, rest: number, payload: new Uint8Array(8) };
      break;
    default:
  }
  return { kind: "raw", protocol, payload: new Uint8Array(16) };
}

/** A value in the middle of the field's first range; undefined where the box does not ask for the field. */
function valueOf(box: Box | undefined, field: Field): Scalar | undefined {
  const [low, high] = box?.spans.get(field)?.ranges[0] ?? [];
  if (low === undefined || high === undefined) return undefined;
  if (typeof low === "number" && typeof high === "number") return low + Math.floor((high - low) / 2);
  const middle = BigInt(low) + (BigInt(high) - BigInt(low)) / 2n;
  return typeof low === "number" && field !== "saddr" && field !== "daddr" ? Number(middle) : middle;
}
