import type { Traced } from "../state/traced.ts";
import type { ChainPlace } from "./scene.ts";

/** What the traced packet did in a chain, up to a step. */
export interface ChainTrace {
  /** By rule number, 0 for the policy: did it match? */
  readonly rules: ReadonlyMap<number, boolean>;
  /** Where it is now; undefined when it is elsewhere. */
  readonly here: number | undefined;
}

/** The steps of the packet that `index` belongs to, up to there, in one chain. */
export function traceIn({ packets, steps, family }: Traced, index: number, place: ChainPlace): ChainTrace {
  const rules = new Map<number, boolean>();
  const current = steps[index];
  if (!current || family !== place.family) return { rules, here: undefined };
  let here: number | undefined;
  for (let at = packets[current.packet]?.first ?? 0; at <= index; at++) {
    const each = steps[at];
    if (!each || each.number === undefined || each.table !== place.table || each.chain !== place.chain) continue;
    if (each.packet !== current.packet || each.beside !== current.beside) continue;
    if (each.matched !== undefined || each.number === 0) rules.set(each.number, each.matched ?? true);
    if (at === index) here = each.number;
  }
  return { rules, here };
}

/** The chains of a table that the packet has entered, up to a step. */
export function chainsEntered({ packets, steps }: Traced, index: number, table: string): ReadonlySet<string> {
  const chains = new Set<string>();
  const current = steps[index];
  if (!current) return chains;
  for (let at = packets[current.packet]?.first ?? 0; at <= index; at++) {
    const each = steps[at];
    if (each?.table === table && each.chain !== undefined && each.packet === current.packet && each.beside === current.beside)
      chains.add(each.chain);
  }
  return chains;
}
