import { intersect, type IntervalSet } from "../../packet/index.ts";
import type { Scalar } from "../../predicate/index.ts";
import { mergedServices } from "../policy/service-classes.ts";
import type { ServiceClass } from "../policy-report.ts";
import type { Ranges } from "../witness.ts";
import type { DiffRow, Fate } from "./diff-report.ts";

/** Rows of sessions that differ in nothing but services, some of which they have in common, as one row each; the first one's witness stays. */
export function joinedRows(rows: readonly DiffRow[]): DiffRow[] {
  const joined: DiffRow[] = [];
  const places = new Map<string, number[]>();
  for (const row of rows) {
    const key = row.about === "session" && !row.rest ? keyOf(row) : undefined;
    const at = key === undefined ? undefined : places.get(key)?.find(index => overlap((joined[index] as DiffRow).services, row.services));
    if (at !== undefined) {
      const first = joined[at] as DiffRow;
      joined[at] = { ...first, services: mergedServices([...first.services, ...row.services], row.family) };
      continue;
    }
    if (key !== undefined) places.set(key, [...(places.get(key) ?? []), joined.length]);
    joined.push(row);
  }
  return joined;
}

/** Equal for rows that differ in their services and witnesses alone. */
function keyOf({ change, family, path, in: input, out, from, to, certainty, before, after }: DiffRow): string {
  const depends = certainty.sure ? [] : certainty.depends;
  return JSON.stringify([change, family, path, input ?? [], out ?? [], from, to, depends, endOf(before), endOf(after)]);
}

const endOf = ({ text, by }: Fate): readonly unknown[] => [text, by?.table, by?.chain, by?.number];

const overlap = (some: readonly ServiceClass[], others: readonly ServiceClass[]): boolean =>
  some.some(one => others.some(other => SHAPE.every(part => meet(one[part], other[part]))));

const SHAPE = ["protocols", "ports", "sourcePorts", "icmpTypes"] as const;

/** Undefined is all there are. */
const meet = (a: Ranges | undefined, b: Ranges | undefined): boolean =>
  a === undefined || b === undefined || intersect(a as IntervalSet<Scalar>, b as IntervalSet<Scalar>).length > 0;
