/** A seeded random source (mulberry32): the same seed gives the same case on every machine. */
export interface Random {
  /** An unsigned 32-bit number. */
  next(): number;
  /** 0 … limit-1. */
  below(limit: number): number;
  /** low … high, both included. */
  between(low: number, high: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** A few different elements, in the list's order. */
  some<T>(list: readonly T[], least: number, most: number): T[];
  /** Picks by weight. */
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T;
}

/** A random source that the seed determines. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 0x1_0000_0000) * limit);
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new Error("nothing to pick from");
    return list[below(list.length)] as T;
  };
  return {
    next,
    below,
    between: (low, high) => low + below(high - low + 1),
    oneIn: times => below(times) === 0,
    pick,
    some(list, least, most) {
      const wanted = Math.min(list.length, least + below(most - least + 1));
      const rest = list.map((_, index) => index);
      while (rest.length > wanted) rest.splice(below(rest.length), 1);
      return rest.map(index => list[index] as (typeof list)[number]);
    },
    weighted(list) {
      let at = below(list.reduce((sum, [weight]) => sum + weight, 0));
      for (const [weight, value] of list) {
        if (at < weight) return value;
        at -= weight;
      }
      return pick(list)[1];
    },
  };
}
