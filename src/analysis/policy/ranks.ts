import type { Scalar } from "../../predicate/index.ts";
import type { Domain } from "../../symbolic/index.ts";

/** Ranks from one to another, both of them too. */
export type Range = readonly [low: number, high: number];

/** Ranks of one level, as ascending ranges that do not touch. */
export type Ranks = readonly Range[];

/** Ranks in both. */
export function commonRanks(a: Ranks, b: Ranks): Ranks {
  const common: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const one = a[i] as Range;
    const other = b[j] as Range;
    const low = Math.max(one[0], other[0]);
    const high = Math.min(one[1], other[1]);
    if (low <= high) common.push([low, high]);
    if (one[1] < other[1]) i++;
    else j++;
  }
  return common;
}

/** The ranges of `a` that have ranks in `b`, whole. */
export function rangesThatMeet(a: Ranks, b: Ranks): Ranks {
  let j = 0;
  return a.filter(([low, high]) => {
    while (j < b.length && (b[j] as Range)[1] < low) j++;
    return j < b.length && (b[j] as Range)[0] <= high;
  });
}

/** Ranks of `a` that are not in `b`. */
export function ranksWithout(a: Ranks, b: Ranks): Ranks {
  const rest: [number, number][] = [];
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    const high = (a[i] as Range)[1];
    let low = (a[i] as Range)[0];
    while (j < b.length && (b[j] as Range)[1] < low) j++;
    for (let at = j; at < b.length && (b[at] as Range)[0] <= high; at++) {
      const cut = b[at] as Range;
      if (low < cut[0]) rest.push([low, cut[0] - 1]);
      low = Math.max(low, cut[1] + 1);
    }
    if (low <= high) rest.push([low, high]);
  }
  return rest;
}

/** Ranks in one of them, or in both. */
export function joinedRanks(a: Ranks, b: Ranks): Ranks {
  const joined: [number, number][] = [];
  for (const [low, high] of [...a, ...b].toSorted(([one], [other]) => one - other)) pushRange(joined, low, high);
  return joined;
}

/** How many ranks. */
export const rankCount = (ranks: Ranks): number => ranks.reduce((sum, range) => sum + range[1] - range[0] + 1, 0);

/** How many values ranks of a domain of numbers stand for, as near as a number tells. */
export const valueCount = (ranks: Ranks, domain: Domain): number =>
  ranks.reduce((sum, range) => {
    const low = domain.lowOf(range[0]) as Scalar;
    const [, high] = domain.rangeOf(range[1]);
    return sum + (typeof low === "bigint" ? Number(BigInt(high) - low) : Number(high) - low) + 1;
  }, 0);

/** Adds a range behind the others; it may touch the last one. */
export function pushRange(ranks: [number, number][], low: number, high: number): void {
  const last = ranks.at(-1);
  if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
  else ranks.push([low, high]);
}
