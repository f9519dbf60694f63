/** A case: rules and the packets sent at them. Cases are made from seeds, recorded against the kernel, shrunk and saved. */
import { fixHeaderChecksum } from "./generate/bytes.ts";
import { completed } from "./partial-checksum.ts";
import { packetSequence } from "./generate/sequence.ts";
import type { Tier } from "./generate/piece.ts";
import { BRIDGE } from "./topology.ts";
import { seededRandom } from "./generate/random.ts";
import { generateRuleset, rulesetText, type GeneratedTable } from "./generate/ruleset.ts";
import { UNKNOWN, type CounterMap, type Outcome, type Referee, type Step } from "./referee.ts";

/** Rules as tables, so that single rules can be left out, and steps in order. */
export interface Case {
  readonly seed: number;
  readonly family: 4 | 6;
  readonly tables: readonly GeneratedTable[];
  readonly steps: readonly Step[];
}

/** Everything that a referee said about a case. Outcomes are as long as the steps. */
export interface Record {
  readonly refused: string | undefined;
  readonly outcomes: readonly Outcome[];
  readonly counters: CounterMap;
  readonly connections: readonly string[];
}

/** How to make a case. */
export interface Recipe {
  readonly tier: Tier;
  readonly packets: number;
  /** Extensions to leave out of the rules. */
  readonly without?: ReadonlySet<string>;
  /** Packets whose note has one of these words are never sent. */
  readonly skip?: readonly string[];
}

const SILENCE: Outcome = { delivered: [], emitted: [], logged: [], error: "" };

/** Makes a case from a seed by asking the kernel: what a talker sends next depends on what arrived. */
export function makeCase(referee: Referee, seed: number, family: 4 | 6, recipe: Recipe): readonly [Case, Record] {
  const random = seededRandom(seed);
  const tables = generateRuleset(random, family, recipe.tier, recipe.without);
  const text = rulesetText(tables);
  const refused = referee.load(text);
  const steps: Step[] = [];
  const outcomes: Outcome[] = [];
  const sequence = packetSequence(random, family, recipe.tier === "bridge");
  const wanted = refused === undefined ? recipe.packets : 0;
  for (let next = sequence.next(); next.done !== true && steps.length < wanted;) {
    const step = next.value;
    if (recipe.skip?.some(word => step.note.includes(word)) || isOutOfScope(text, step)) {
      next = sequence.next(SILENCE);
      continue;
    }
    const outcome = referee.step(step);
    steps.push(step);
    outcomes.push(outcome);
    next = sequence.next(outcome);
  }
  return [
    { seed, family, tables, steps },
    { refused, outcomes, counters: referee.counters(), connections: referee.connections() },
  ];
}

/** Known differences (DIVERGENCES.md) that would be found again and again: the link address behind `cluster`, and a copy of what came in pieces. */
function isOutOfScope(rules: string, step: Step): boolean {
  if (step.do === "inject" && step.link !== undefined && rules.includes("-m cluster")) return true;
  // Of a multicast that comes back, the kernel writes the copy and the packet at once.
  if (step.do === "send" && rules.includes("NPT ") && (step.bytes[24] ?? 0) === 0xff) return true;
  // The kernel does not find the ICMPv6 header in what a raw socket sends.
  if (step.do === "send" && step.note.includes("icmp error") && rules.includes("NPT ")) return true;
  return rules.includes("-j TEE") && (step.note.includes("fragments") || !isToOne(step));
}

/** Is the packet for one receiver, as far as its address tells? */
function isToOne(step: Step): boolean {
  if (step.do === "wait") return true;
  const { bytes } = step;
  if ((bytes[0] ?? 0) >> 4 === 6) return (bytes[24] ?? 0) !== 0xff;
  return (bytes[16] ?? 0) < 224 && bytes[19] !== 255;
}

/** Runs a case's rules and steps through a referee. */
export function replayCase(referee: Referee, one: Case): Record {
  const refused = referee.load(rulesetText(one.tables));
  const outcomes = refused === undefined ? one.steps.map(step => referee.step(step)) : [];
  return { refused, outcomes, counters: referee.counters(), connections: referee.connections() };
}

/** Both referees' lines of one step, with what both of them tell. */
export function comparableLines(step: Step, left: Outcome, right: Outcome): readonly [string[], string[]] {
  const both = (tells: (outcome: Outcome) => boolean): boolean => tells(left) && tells(right);
  const places = both(outcome => outcome.delivered.every(frame => frame.device !== UNKNOWN));
  const logs = both(outcome => outcome.logged[0] !== UNKNOWN);
  // Without tracking IPv6 fragments pass INPUT one by one and are put together behind it, where the kernel cannot be watched.
  const delivery = both(outcome => !outcome.delivered.some(frame => isFragment6(frame.bytes)));
  const lines = (outcome: Outcome): string[] =>
    outcomeLines({ ...outcome, logged: logs ? outcome.logged : [], delivered: delivery ? outcome.delivered : [] }, step, places);
  return [lines(left), lines(right)];
}

function isFragment6(packet: Uint8Array): boolean {
  const id = idAt(packet);
  return id?.size === 4 && (((packet[id.offset - 2] ?? 0) << 8) | (packet[id.offset - 1] ?? 0)) !== 0;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** An outcome as comparable lines; `places` says whether delivered packets tell their interface and mark. IP ids that do not come from the packet sent are the kernel's own choice and masked. */
export function outcomeLines(outcome: Outcome, step: Step, places = true): string[] {
  const sent = step.do === "wait" ? new Uint8Array() : step.bytes;
  const lines = outcome.delivered.map(
    frame => `delivered ${places ? `${frame.device} mark ${frame.mark.toString(16)} ` : ""}${hex(plain(frame.bytes, sent))}`,
  );
  const emitted = outcome.emitted.map((frame, index) => ({ frame, index }));
  emitted.sort((a, b) => (a.frame.device === b.frame.device ? a.index - b.index : a.frame.device < b.frame.device ? -1 : 1));
  for (const { frame } of emitted) lines.push(`emitted ${wireName(frame.device)} ${hex(plain(frame.bytes, sent))}`);
  for (const text of outcome.logged) lines.push(`logged ${text}`);
  if (outcome.error !== "") lines.push(`error ${outcome.error}`);
  return lines;
}

/** A referee may name a bridge or its port. */
const wireName = (device: string): string => (BRIDGE.ports.some(port => port.name === device) ? BRIDGE.name : device);

/** The bytes as they are compared: checksums complete, the kernel's own choices masked. */
const plain = (bytes: Uint8Array, sent: Uint8Array): Uint8Array => completed(maskId(bytes, sent));

/** The bytes with what the kernel chose by itself set to zero: the IPv4 id, the IPv6 fragment header's, and the times of day of a timestamp reply. */
function maskId(bytes: Uint8Array, sent: Uint8Array): Uint8Array {
  const at = idAt(bytes);
  if (at === undefined) return bytes;
  const { offset, size } = at;
  const from = idAt(sent);
  const same =
    from !== undefined &&
    from.size === size &&
    bytes.subarray(offset, offset + size).every((byte, index) => byte === sent[from.offset + index]);
  if (same) return bytes;
  const masked = bytes.slice();
  masked.fill(0, offset, offset + size);
  if (size === 2) fixHeaderChecksum(masked);
  const transport = ((bytes[0] ?? 0) & 15) * 4;
  if (size === 2 && bytes[9] === 1 && bytes[transport] === TIMESTAMP_REPLY) {
    masked.fill(0, transport + 2, transport + 4);
    masked.fill(0, transport + 12, transport + 20);
  }
  return masked;
}

const TIMESTAMP_REPLY = 14;

/** Where a packet's fragment id stands. */
export function idAt(packet: Uint8Array): { readonly offset: number; readonly size: number } | undefined {
  if ((packet[0] ?? 0) >> 4 === 4) return packet.length >= 20 ? { offset: 4, size: 2 } : undefined;
  let protocol = packet[6] ?? -1;
  for (let at = 40; at + 8 <= packet.length;) {
    if (protocol === 44) return { offset: at + 4, size: 4 };
    if (protocol !== 0 && protocol !== 43 && protocol !== 60) return undefined;
    protocol = packet[at] ?? -1;
    at += ((packet[at + 1] ?? 0) + 1) * 8;
  }
  return undefined;
}
