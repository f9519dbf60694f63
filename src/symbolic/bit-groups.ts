import { FIELDS, type Family, type Field, type Range, type Scalar } from "../predicate/index.ts";

/** A test of bits: `(field & mask) = value`. */
export interface BitTest {
  readonly mask: bigint;
  readonly value: bigint;
}

/** Fields of more than so many bits that are sets of bits get a level for each group of bits; narrower ones are small numbers. */
const NARROW = 8;

/** Bits of a field in packets of a family. */
export function widthOf(field: Field, family: Family): number {
  const { kind, bits } = FIELDS[field];
  return kind === "address" && family === 4 ? 32 : bits;
}

/** Has the field a level for each group of its bits? */
export function isGrouped(field: Field): boolean {
  const { kind, bits } = FIELDS[field];
  return kind === "bits" && bits > NARROW;
}

/** An inclusive range as tests of bits: the prefixes that it is made of, at most twice as many as the field has bits. */
export function rangeTests([low, high]: Range, bits: number): BitTest[] {
  const all = (1n << BigInt(bits)) - 1n;
  const last = BigInt(high) > all ? all : BigInt(high);
  const tests: BitTest[] = [];
  for (let at = BigInt(low); at <= last;) {
    let size = 1n;
    while ((at & (2n * size - 1n)) === 0n && at + 2n * size - 1n <= last) size *= 2n;
    tests.push({ mask: all & ~(size - 1n), value: at });
    at += size;
  }
  return tests;
}

/** Cuts a field's bits into groups that no mask tells apart; untested bits are in none. */
export function groupBits(masks: Iterable<bigint>, bits: number): bigint[] {
  const distinct = [...new Set(masks)];
  let groups: bigint[] = [];
  const all = (1n << BigInt(bits)) - 1n;
  const tested = distinct.reduce((sum, mask) => sum | (mask & all), 0n);
  if (tested !== 0n) groups = [tested];
  for (const mask of distinct) groups = groups.flatMap(group => [group & mask, group & ~mask].filter(part => part !== 0n));
  return groups;
}

/** The bits under a mask, pushed together. */
export function extract(value: bigint, mask: bigint): bigint {
  let result = 0n;
  let at = 0n;
  for (let rest = mask; rest !== 0n; at++) {
    const low = rest & -rest;
    if ((value & low) !== 0n) result |= 1n << at;
    rest ^= low;
  }
  return result;
}

/** The inverse of `extract`. */
export function spread(value: bigint, mask: bigint): bigint {
  let result = 0n;
  let at = 0n;
  for (let rest = mask; rest !== 0n; at++) {
    const low = rest & -rest;
    if ((value & (1n << at)) !== 0n) result |= low;
    rest ^= low;
  }
  return result;
}

/** Number of bits of a mask. */
export function bitCount(mask: bigint): number {
  let count = 0;
  for (let rest = mask; rest !== 0n; rest &= rest - 1n) count++;
  return count;
}

/** The ranges of values of a number field of `bits` bits that a test of bits lets through, ascending; undefined where there are more than `most`. */
export function bitRanges(mask: Scalar, value: Scalar, bits: number, most: number): (readonly [bigint, bigint])[] | undefined {
  const all = (1n << BigInt(bits)) - 1n;
  const kept = BigInt(mask) & all;
  const wanted = BigInt(value);
  if ((wanted & ~kept) !== 0n || wanted > all) return [];
  // Free bits below the lowest tested bit make each range; the free bits above it count the ranges.
  let low = 0n;
  while (low < BigInt(bits) && (kept & (1n << low)) === 0n) low++;
  const size = 1n << low;
  const above = all & ~kept & ~(size - 1n);
  const count = bitCount(above);
  if (count > 30 || 1 << count > most) return undefined;
  const ranges: [bigint, bigint][] = [];
  for (let k = 0n; k < 1n << BigInt(count); k++) {
    const start = wanted | spread(k, above);
    const before = ranges.at(-1);
    if (before && before[1] + 1n === start) before[1] = start + size - 1n;
    else ranges.push([start, start + size - 1n]);
  }
  return ranges;
}

/** How many values of a range a test of bits lets through. */
export type Meeting = "all" | "some" | "none";

/** Whether the values of an inclusive range pass a test of bits, in as many steps as they have bits. */
export function meeting({ mask, value }: BitTest, range: readonly [low: unknown, high: unknown]): Meeting {
  const [low, high] = [BigInt(range[0] as Scalar), BigInt(range[1] as Scalar)];
  if ((value & ~mask) !== 0n) return "none";
  if ((low & mask) !== value) {
    const first = leastPassing(mask, value, low, high);
    return first === undefined ? "none" : "some";
  }
  // The next value whose tested bits differ.
  const step = mask & -mask;
  return mask === 0n || (low | (step - 1n)) + 1n > high ? "all" : "some";
}

/** The least value from `low` on that passes a test which `low` itself does not pass; undefined where there is none up to `high`. */
function leastPassing(mask: bigint, value: bigint, low: bigint, high: bigint): bigint | undefined {
  const wrong = (low ^ value) & mask;
  // It agrees with `low` above some bit, has a one there where `low` has none, and is as small as can be below.
  for (let at = BigInt(wrong.toString(2).length) - 1n; 1n << at <= high; at++) {
    const bit = 1n << at;
    if ((low & bit) !== 0n || ((mask & bit) !== 0n && (value & bit) === 0n)) continue;
    const found = (low & ~(2n * bit - 1n)) | bit | (value & (bit - 1n));
    return found <= high ? found : undefined;
  }
  return undefined;
}
