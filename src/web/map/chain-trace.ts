import type { Traced, TraceStep } from "../state/traced.ts";
import type { ChainPlace } from "./scene.ts";

/** What the traced packet did in a chain, up to a step. */
export interface ChainTrace {
  /** By rule number, 0 for the policy: did it match? */
  readonly rules: ReadonlyMap<number, boolean>;
  /** Where it is now; undefined when it is elsewhere. */
  readonly here: number | undefined;
}

/** The steps of the packet that `index` belongs to, up to there, in one chain. */
export function traceIn(trace: Traced, index: number, place: ChainPlace): ChainTrace {
  const rules = new Map<number, boolean>();
  if (trace.family !== place.family) return { rules, here: undefined };
  let here: number | undefined;
  for (const [at, { number, table, chain, matched }] of stepsTo(trace, index)) {
    if (number === undefined || table !== place.table || chain !== place.chain) continue;
    if (matched !== undefined || number === 0) rules.set(number, matched ?? true);
    if (at === index) here = number;
  }
  return { rules, here };
}

/** The chains of a table that the packet has entered, up to a step. */
export function chainsEntered(trace: Traced, index: number, table: string): ReadonlySet<string> {
  const chains = new Set<string>();
  for (const [, step] of stepsTo(trace, index)) if (step.table === table && step.chain !== undefined) chains.add(step.chain);
  return chains;
}

/** The steps of the packet that a step belongs to, or of the answer or copy that it belongs to, up to that step, with their indices; none for one that the trace has not. */
export function* stepsTo({ packets, steps }: Traced, index: number): Generator<readonly [index: number, step: TraceStep]> {
  const current = steps[index];
  if (!current) return;
  for (let at = packets[current.packet]?.first ?? 0; at <= index; at++) {
    const step = steps[at];
    if (step?.packet === current.packet && step.beside === current.beside) yield [at, step];
  }
}
