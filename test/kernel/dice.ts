/** Lets the engine follow the kernel's dice: where the kernel rolled a random NAT port, the engine is given the roll that leads to it. */
import { comparableLines, type Case, type Record } from "./case.ts";
import { differences } from "./compare.ts";
import { rulesetText } from "./generate/ruleset.ts";
import { transportOf } from "./generate/world.ts";
import type { Outcome, Referee, Step } from "./referee.ts";

/** A referee whose random numbers we choose. */
export interface Loaded extends Referee {
  /** The numbers it will be given, in order; then its own. Set before `load`. */
  rolls: readonly number[];
  /** What it has been given since `load`. */
  readonly given: readonly number[];
}

/** How often a step may be tried again for its own rolls. */
const PATIENCE = 200;
/** How often a case may be tried again for rolls that nothing showed at once. */
const HIDDEN_PATIENCE = 120;

/** Runs a case through a referee with loaded dice, up to the first step that dice do not explain. */
export function replayWithDice(engine: Loaded, one: Case, kernel: Record): Record {
  let best = replayOnce(engine, one, kernel, []);
  let worst = badness(one, kernel, best.record);
  // Rolls for packets that were seen nowhere (dropped after confirmation) come out later: as ports in the table or in an answer.
  let tries = 0;
  for (const call of best.hidden.toReversed()) {
    for (const roll of worst === 0 ? [] : rollsFor(rulesetText(one.tables), hiddenPorts(one, kernel, best.record))) {
      if (++tries > HIDDEN_PATIENCE) return best.record;
      const again = replayOnce(engine, one, kernel, best.given.with(call, roll));
      const bad = badness(one, kernel, again.record);
      if (bad >= worst) continue;
      best = again;
      worst = bad;
      break;
    }
  }
  return best.record;
}

interface Replay {
  readonly record: Record;
  readonly given: readonly number[];
  /** Calls for a number after which everything looked right, whatever the number. */
  readonly hidden: readonly number[];
}

function replayOnce(engine: Loaded, one: Case, kernel: Record, rolls: readonly number[]): Replay {
  const rules = rulesetText(one.tables);
  const hidden: number[] = [];
  engine.rolls = rolls;
  const refused = engine.load(rules);
  if (refused !== undefined) return { record: { refused, outcomes: [], counters: new Map(), connections: [] }, given: [], hidden };
  const outcomes: Outcome[] = [];
  for (const [index, step] of one.steps.entries()) {
    const wanted = kernel.outcomes[index];
    const before = engine.given.slice();
    outcomes[index] = engine.step(step);
    if (wanted === undefined) break;
    if (same(step, wanted, outcomes[index]!)) {
      for (let call = before.length; call < engine.given.length; call++) if (call >= rolls.length) hidden.push(call);
      continue;
    }
    if (engine.given.length === before.length) break;
    const found = findRolls(engine, one, index, before, engine.given.length - before.length, wanted);
    replayUpTo(engine, rules, one, index, found ?? before);
    outcomes[index] = engine.step(step);
    if (found === undefined) break;
  }
  return {
    record: { refused, outcomes, counters: engine.counters(), connections: engine.connections() },
    given: engine.given.slice(),
    hidden,
  };
}

/** How far two records are apart: the earlier the first difference, the farther; 0 when they agree. */
function badness(one: Case, kernel: Record, record: Record): number {
  const found = differences(one, kernel, record);
  const first = found[0];
  if (first === undefined) return 0;
  if (first.step !== undefined) return 1_000_000 + one.steps.length - first.step;
  return found.reduce((sum, difference) => sum + difference.kernel.length + difference.engine.length, 0);
}

/** Ports that the kernel's table has where the engine's has others, and those of the first packet that differs. */
function hiddenPorts(one: Case, kernel: Record, record: Record): number[] {
  const portsIn = (lines: readonly string[]): number[] =>
    lines.flatMap(line => Array.from(line.matchAll(/(?:port|id)=(\d+)/g), match => Number(match[1])));
  const theirs = new Set(kernel.connections);
  const ours = new Set(record.connections);
  const known = new Set(portsIn(record.connections.filter(line => !theirs.has(line))));
  const ports = portsIn(kernel.connections.filter(line => !ours.has(line))).filter(port => !known.has(port));
  const step = differences(one, kernel, record)[0]?.step;
  const outcome = step === undefined ? undefined : kernel.outcomes[step];
  return outcome === undefined ? ports : [...portsOf(outcome), ...ports];
}

function same(step: Step, left: Outcome, right: Outcome): boolean {
  const [one, other] = comparableLines(step, left, right);
  return one.join("\n") === other.join("\n");
}

/** Numbers for all of the case so far that make the step come out as the kernel's. */
function findRolls(
  engine: Loaded,
  one: Case,
  index: number,
  before: readonly number[],
  asked: number,
  wanted: Outcome,
): readonly number[] | undefined {
  const rules = rulesetText(one.tables);
  let tries = 0;
  for (const rolls of combinations(rollsFor(rules, portsOf(wanted)), Math.min(asked, 2))) {
    if (++tries > PATIENCE) return undefined;
    const all = [...before, ...rolls];
    replayUpTo(engine, rules, one, index, all);
    if (same(one.steps[index]!, wanted, engine.step(one.steps[index]!))) return all;
  }
  return undefined;
}

function replayUpTo(engine: Loaded, rules: string, one: Case, index: number, rolls: readonly number[]): void {
  engine.rolls = rolls;
  engine.load(rules);
  for (const step of one.steps.slice(0, index)) engine.step(step);
}

function* combinations(candidates: readonly number[], length: number): Generator<number[]> {
  for (const first of candidates) {
    if (length === 1) yield [first];
    else for (const second of candidates) yield [first, second];
  }
}

/** Ports and ICMP ids of the packets that came out. */
function portsOf(outcome: Outcome): number[] {
  return [...outcome.emitted, ...outcome.delivered].flatMap(frame => {
    const { protocol, at } = transportOf(frame.bytes);
    const word = (offset: number): number => ((frame.bytes[at + offset] ?? 0) << 8) | (frame.bytes[at + offset + 1] ?? 0);
    return protocol === 1 || protocol === 58 ? [word(4)] : [word(0), word(2)];
  });
}

/** Offsets from the start of each range that the kernel may have drawn from, to each of the ports: nf_nat_core.c, nf_nat_l4proto_unique_tuple. */
function rollsFor(rules: string, ports: readonly number[]): number[] {
  const starts = [1024, 1, 600, 0, ...Array.from(rules.matchAll(/[:\s](\d{1,5})-\d{1,5}(?:\/|\s|$)/gm), match => Number(match[1]))];
  return [...new Set(ports.flatMap(port => starts.map(start => (port - start) & 0xffff)))];
}
