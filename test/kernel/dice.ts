/** Lets the engine follow the kernel's dice: where the kernel rolled a random NAT port, the engine is given the roll that leads to it. */
import { comparableLines, type Case, type Record } from "./case.ts";
import { rulesetText } from "./generate/ruleset.ts";
import { transportOf } from "./generate/world.ts";
import type { Outcome, Referee, Step } from "./referee.ts";

/** A referee whose random numbers we choose. */
export interface Loaded extends Referee {
  /** The next numbers it will be given; then the same ones over and over. Set before `load`. */
  rolls: readonly number[];
  /** How many numbers it has asked for since `load`. */
  readonly asked: number;
}

/** Runs a case through a referee with loaded dice. Gives up on a step after `patience` tries: what remains then is a difference. */
export function replayWithDice(engine: Loaded, one: Case, kernel: Record, patience = 200): Record {
  const rules = rulesetText(one.tables);
  engine.rolls = [];
  let refused = engine.load(rules);
  const outcomes: Outcome[] = [];
  for (let index = 0; refused === undefined && index < one.steps.length; index++) {
    const step = one.steps[index]!;
    const wanted = kernel.outcomes[index];
    const before = engine.asked;
    outcomes[index] = engine.step(step);
    if (wanted === undefined || engine.asked === before || same(step, wanted, outcomes[index]!)) continue;
    const rolled = findRolls(engine, one, index, before, engine.asked - before, wanted, patience);
    refused = replayUpTo(engine, rules, one, index, rolled ?? engine.rolls.slice(0, before));
    outcomes[index] = engine.step(step);
  }
  if (refused !== undefined) return { refused, outcomes, counters: new Map(), connections: [] };
  return { refused, outcomes, counters: engine.counters(), connections: engine.connections() };
}

function same(step: Step, left: Outcome, right: Outcome): boolean {
  const [one, other] = comparableLines(step, left, right);
  return one.join("\n") === other.join("\n");
}

/** Rolls for all of the case so far that make the step come out as the kernel's. */
function findRolls(
  engine: Loaded,
  one: Case,
  index: number,
  fixed: number,
  asked: number,
  wanted: Outcome,
  patience: number,
): readonly number[] | undefined {
  const rules = rulesetText(one.tables);
  const base = Array.from({ length: fixed }, (_, at) => engine.rolls[at] ?? 0);
  const candidates = rollsFor(rules, wanted);
  let tries = 0;
  for (const rolls of combinations(candidates, Math.min(asked, 2))) {
    if (++tries > patience) return undefined;
    const all = [...base, ...rolls];
    replayUpTo(engine, rules, one, index, all);
    if (same(one.steps[index]!, wanted, engine.step(one.steps[index]!))) return all;
  }
  return undefined;
}

function replayUpTo(engine: Loaded, rules: string, one: Case, index: number, rolls: readonly number[]): string | undefined {
  engine.rolls = rolls;
  const refused = engine.load(rules);
  for (const step of one.steps.slice(0, index)) engine.step(step);
  return refused;
}

function* combinations(candidates: readonly number[], length: number): Generator<number[]> {
  for (const first of candidates) {
    if (length === 1) yield [first];
    else for (const second of candidates) yield [first, second];
  }
}

/** Offsets from the start of each range that the kernel may have drawn from, to each port that came out: nf_nat_core.c, nf_nat_l4proto_unique_tuple. */
function rollsFor(rules: string, wanted: Outcome): number[] {
  const ports = new Set<number>();
  for (const frame of [...wanted.emitted, ...wanted.delivered]) {
    const { protocol, at } = transportOf(frame.bytes);
    const word = (offset: number): number => ((frame.bytes[at + offset] ?? 0) << 8) | (frame.bytes[at + offset + 1] ?? 0);
    if (protocol === 1 || protocol === 58) ports.add(word(4));
    else for (const offset of [0, 2]) ports.add(word(offset));
  }
  const starts = [1024, 1, 600, 0, ...Array.from(rules.matchAll(/[:\s](\d{1,5})-\d{1,5}(?:\/|\s|$)/gm), match => Number(match[1]))];
  return [...new Set([...ports].flatMap(port => starts.map(start => (port - start) & 0xffff)))];
}
