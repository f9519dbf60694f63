/** Ranks of one level, as ascending ranges that do not touch. */
export type Ranks = readonly (readonly [low: number, high: number])[];

/** Ranks in both. */
export function commonRanks(a: Ranks, b: Ranks): Ranks {
  const common: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [aLow, aHigh] = a[i] as readonly [number, number];
    const [bLow, bHigh] = b[j] as readonly [number, number];
    const low = Math.max(aLow, bLow);
    const high = Math.min(aHigh, bHigh);
    if (low <= high) common.push([low, high]);
    if (aHigh < bHigh) i++;
    else j++;
  }
  return common;
}

/** The ranges of `a` that have ranks in `b`, whole. */
export function rangesThatMeet(a: Ranks, b: Ranks): Ranks {
  let j = 0;
  return a.filter(([low, high]) => {
    while (j < b.length && (b[j] as readonly [number, number])[1] < low) j++;
    return j < b.length && (b[j] as readonly [number, number])[0] <= high;
  });
}

/** Ranks of `a` that are not in `b`. */
export function ranksWithout(a: Ranks, b: Ranks): Ranks {
  const rest: [number, number][] = [];
  let j = 0;
  for (const [first, high] of a) {
    let low = first;
    while (j < b.length && (b[j] as readonly [number, number])[1] < low) j++;
    for (let at = j; at < b.length && (b[at] as readonly [number, number])[0] <= high; at++) {
      const [cutLow, cutHigh] = b[at] as readonly [number, number];
      if (low < cutLow) rest.push([low, cutLow - 1]);
      low = Math.max(low, cutHigh + 1);
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
export const rankCount = (ranks: Ranks): number => ranks.reduce((sum, [low, high]) => sum + high - low + 1, 0);

/** Adds a range behind the others; it may touch the last one. */
export function pushRange(ranks: [number, number][], low: number, high: number): void {
  const last = ranks.at(-1);
  if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
  else ranks.push([low, high]);
}
