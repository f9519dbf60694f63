import { IPV4_MAX, IPV6_MAX } from "./address.ts";
import { mask4, mask6, maskLength, prefix4, prefix6 } from "./prefix.ts";
import type { Prefix, Prefix4, Prefix6 } from "./prefix.ts";

/** An inclusive range, low to high. */
export type Interval<T extends number | bigint> = readonly [low: T, high: T];

/**
 * A set of unsigned integers: ranges in ascending order, disjoint and not even touching, so that equal sets look equal.
 * Numbers for ports and IPv4 addresses (up to 53 bits), bigints for IPv6. Laws in intervals.test.ts.
 */
export type IntervalSet<T extends number | bigint> = readonly Interval<T>[];

/** All ports. */
export const ALL_PORTS: IntervalSet<number> = [[0, 65535]];
/** All IPv4 addresses. */
export const ALL_IPV4: IntervalSet<number> = [[0, IPV4_MAX]];
/** All IPv6 addresses. */
export const ALL_IPV6: IntervalSet<bigint> = [[0n, IPV6_MAX]];

/** The set of all values in any of the ranges, given in any order; a range whose low is above its high is empty. */
export function intervals<T extends number | bigint>(...ranges: readonly Interval<T>[]): IntervalSet<T> {
  return coalesce(ranges.filter(([low, high]) => low <= high).toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)));
}

/** The set of the given values. */
export function singletons<T extends number | bigint>(...values: readonly T[]): IntervalSet<T> {
  return intervals(...values.map((value): Interval<T> => [value, value]));
}

/** Values in either set. Linear. */
export function union<T extends number | bigint>(a: IntervalSet<T>, b: IntervalSet<T>): IntervalSet<T> {
  const merged: Interval<T>[] = [];
  let j = 0;
  for (const range of a) {
    for (; j < b.length && (b[j] as Interval<T>)[0] <= range[0]; j++) merged.push(b[j] as Interval<T>);
    merged.push(range);
  }
  for (; j < b.length; j++) merged.push(b[j] as Interval<T>);
  return coalesce(merged);
}

/** Values in both sets. Linear. */
export function intersect<T extends number | bigint>(a: IntervalSet<T>, b: IntervalSet<T>): IntervalSet<T> {
  const common: Interval<T>[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [aLow, aHigh] = a[i] as Interval<T>;
    const [bLow, bHigh] = b[j] as Interval<T>;
    const low = aLow > bLow ? aLow : bLow;
    const high = aHigh < bHigh ? aHigh : bHigh;
    if (low <= high) common.push([low, high]);
    if (aHigh < bHigh) i++;
    else j++;
  }
  return common;
}

/** Values of `a` that are not in `b`. Linear. */
export function difference<T extends number | bigint>(a: IntervalSet<T>, b: IntervalSet<T>): IntervalSet<T> {
  const rest: Interval<T>[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    const high = (a[i] as Interval<T>)[1];
    let low = (a[i] as Interval<T>)[0];
    while (j < b.length && (b[j] as Interval<T>)[1] < low) j++;
    for (; j < b.length && (b[j] as Interval<T>)[0] <= high; j++) {
      const cut = b[j] as Interval<T>;
      if (low < cut[0]) rest.push([low, before(cut[0])]);
      low = after(cut[1]);
      // The cut may reach into the next range of `a`: keep it for that.
      if (cut[1] >= high) break;
    }
    if (low <= high) rest.push([low, high]);
  }
  return rest;
}

/** Values of `within` that are not in the set. */
export function complement<T extends number | bigint>(set: IntervalSet<T>, within: IntervalSet<T>): IntervalSet<T> {
  return difference(within, set);
}

/** Whether the value is in the set, by binary search. */
export function contains<T extends number | bigint>(set: IntervalSet<T>, value: T): boolean {
  return rangeAt(set, value) !== undefined;
}

/** The range of the set that holds a value, by binary search. */
function rangeAt<T extends number | bigint>(set: IntervalSet<T>, value: T): Interval<T> | undefined {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = set[middle] as Interval<T>;
    if (value < range[0]) high = middle - 1;
    else if (value > range[1]) low = middle + 1;
    else return range;
  }
  return undefined;
}

/** Whether both sets hold the same values. */
export function equalSets<T extends number | bigint>(a: IntervalSet<T>, b: IntervalSet<T>): boolean {
  return a.length === b.length && a.every((range, i) => range[0] === b[i]?.[0] && range[1] === b[i]?.[1]);
}

/** Whether every value of `a` is in `b`. Ranges of a set do not touch, so that each one of `a` lies in one of `b`. */
export function isSubset<T extends number | bigint>(a: IntervalSet<T>, b: IntervalSet<T>): boolean {
  return a.every(own => {
    const range = rangeAt(b, own[0]);
    return range !== undefined && own[1] <= range[1];
  });
}

/** How many values the set holds. */
export function size(set: IntervalSet<number | bigint>): bigint {
  let sum = 0n;
  for (const [low, high] of set) sum += BigInt(high) - BigInt(low) + 1n;
  return sum;
}

/** The addresses of an IPv4 prefix; undefined when its mask has more than `limit` holes' worth of ranges (default 65536). */
export function fromPrefix4(prefix: Prefix4, limit = 65536): IntervalSet<number> | undefined {
  return fromMask(BigInt(prefix.address), BigInt(prefix.mask), 32, limit)?.map(([low, high]): Interval<number> => [
    Number(low),
    Number(high),
  ]);
}

/** The addresses of an IPv6 prefix; undefined when its mask has more than `limit` holes' worth of ranges (default 65536). */
export function fromPrefix6(prefix: Prefix6, limit = 65536): IntervalSet<bigint> | undefined {
  return fromMask(prefix.address, prefix.mask, 128, limit);
}

function fromMask(address: bigint, mask: bigint, bits: number, limit: number): IntervalSet<bigint> | undefined {
  const inverse = ((1n << BigInt(bits)) - 1n) ^ mask;
  let tail = 0;
  while (tail < bits && (inverse >> BigInt(tail)) & 1n) tail++;
  const holes: bigint[] = [];
  for (let bit = bits - 1; bit >= tail; bit--) if ((inverse >> BigInt(bit)) & 1n) holes.push(1n << BigInt(bit));
  if (holes.length > 52 || 2 ** holes.length > limit) return undefined;
  const width = (1n << BigInt(tail)) - 1n;
  let lows = [address & mask];
  for (const hole of holes) lows = lows.flatMap(low => [low, low | hole]);
  return lows.map((low): Interval<bigint> => [low, low | width]);
}

/** The fewest IPv4 prefixes that together are the set, in ascending order. */
export function toPrefixes4(set: IntervalSet<number>): Prefix4[] {
  return cover(
    set.map(([low, high]): Interval<bigint> => [BigInt(low), BigInt(high)]),
    32,
    (low, length) => prefix4(Number(low), mask4(length)),
  );
}

/** The fewest IPv6 prefixes that together are the set, in ascending order. */
export function toPrefixes6(set: IntervalSet<bigint>): Prefix6[] {
  return cover(set, 128, (low, length) => prefix6(low, mask6(length)));
}

function cover<P extends Prefix>(set: IntervalSet<bigint>, bits: number, make: (low: bigint, length: number) => P): P[] {
  const prefixes: P[] = [];
  for (const [first, high] of set) {
    let low = first;
    while (low <= high) {
      let free = 0;
      while (free < bits) {
        const width = 1n << BigInt(free);
        // Widen while the block stays aligned and inside.
        if ((low & width) !== 0n || low + 2n * width - 1n > high) break;
        free++;
      }
      prefixes.push(make(low, bits - free));
      low += 1n << BigInt(free);
    }
  }
  return prefixes;
}

/** The single prefix that the set is, if it is one. */
export function asPrefix(set: IntervalSet<number | bigint>): Prefix | undefined {
  const range = set[0];
  if (set.length !== 1 || range === undefined) return undefined;
  const [low, high] = range;
  if (typeof low === "number" && typeof high === "number") {
    const mask = ~(low ^ high) >>> 0;
    return maskLength(mask) !== undefined && (low & ~mask) === 0 && high === (low | ~mask) >>> 0 ? prefix4(low, mask) : undefined;
  }
  const spread = BigInt(low) ^ BigInt(high);
  const mask = IPV6_MAX ^ spread;
  return maskLength(mask) !== undefined && (BigInt(low) & spread) === 0n ? prefix6(BigInt(low), mask) : undefined;
}

function after<T extends number | bigint>(value: T): T {
  return (typeof value === "bigint" ? value + 1n : Number(value) + 1) as T;
}

function before<T extends number | bigint>(value: T): T {
  return (typeof value === "bigint" ? value - 1n : Number(value) - 1) as T;
}

/** Joins ranges in ascending order of their lows that overlap or touch. */
function coalesce<T extends number | bigint>(sorted: readonly Interval<T>[]): IntervalSet<T> {
  const joined: [T, T][] = [];
  for (let i = 0; i < sorted.length; i++) {
    const range = sorted[i] as Interval<T>;
    const last = joined.at(-1);
    if (last !== undefined && range[0] <= after(last[1])) {
      if (range[1] > last[1]) last[1] = range[1];
    } else joined.push([range[0], range[1]]);
  }
  return joined;
}
