import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ALL_IPV4,
  ALL_IPV6,
  ALL_PORTS,
  asPrefix,
  complement,
  contains,
  difference,
  equalSets,
  fromPrefix4,
  fromPrefix6,
  intersect,
  intervals,
  isSubset,
  mask4,
  parsePrefix4,
  parsePrefix6,
  prefix4,
  prefix6,
  prefixContains,
  printPrefix,
  singletons,
  size,
  toPrefixes4,
  toPrefixes6,
  union,
  type IntervalSet,
  type Prefix4,
  type Prefix6,
} from "./index.ts";

/** Small sets, whose members can be counted one by one, at both ends of a width. */
function sets<T extends number | bigint>(from: T, make: (offset: number) => T): fc.Arbitrary<IntervalSet<T>> {
  const range = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 6 })).map(([low, length]) => [make(low), make(low + length - 1)] as const);
  return fc.array(range, { maxLength: 8 }).map(ranges => intervals(...ranges.filter(([low]) => low >= from)));
}

const WIDTHS = [
  { name: "ports", all: ALL_PORTS, at: (offset: number) => 65535 - 50 + offset },
  { name: "IPv4", all: ALL_IPV4, at: (offset: number) => 0xffffffff - 50 + offset },
  { name: "IPv4 from 0", all: ALL_IPV4, at: (offset: number) => offset },
  { name: "IPv6", all: ALL_IPV6, at: (offset: number) => 2n ** 128n - 51n + BigInt(offset) },
] as const;

const isCanonical = (set: IntervalSet<number | bigint>): boolean =>
  set.every(([low, high], i) => low <= high && (i === 0 || BigInt(low) > BigInt((set[i - 1] as (typeof set)[0])[1]) + 1n));

describe("laws", () => {
  for (const { name, all, at } of WIDTHS) {
    const set = sets<number | bigint>(0, at);
    const universe = all as IntervalSet<number | bigint>;
    const members = (of: IntervalSet<number | bigint>): boolean[] => Array.from({ length: 51 }, (_, i) => contains(of, at(i)));
    test(`${name}: the operations are those on members`, () => {
      fc.assert(
        fc.property(set, set, (a, b) => {
          const [inA, inB] = [members(a), members(b)];
          const results = [union(a, b), intersect(a, b), difference(a, b), complement(a, universe)];
          for (const result of results) expect(isCanonical(result)).toBe(true);
          expect(members(union(a, b))).toEqual(inA.map((x, i) => x || inB[i]));
          expect(members(intersect(a, b))).toEqual(inA.map((x, i) => x && inB[i]));
          expect(members(difference(a, b))).toEqual(inA.map((x, i) => x && !inB[i]));
          expect(members(complement(a, universe))).toEqual(inA.map(x => !x));
          expect(size(a)).toBe(BigInt(inA.filter(Boolean).length));
          expect(size(a) + size(complement(a, universe))).toBe(size(universe));
          expect(isSubset(a, b)).toBe(inA.every((x, i) => !x || inB[i]));
          expect(equalSets(a, b)).toBe(inA.every((x, i) => x === inB[i]));
        }),
        { numRuns: 500 },
      );
    });
    test(`${name}: algebra`, () => {
      fc.assert(
        fc.property(set, set, set, (a, b, c) => {
          expect(union(a, b)).toEqual(union(b, a));
          expect(union(a, union(b, c))).toEqual(union(union(a, b), c));
          expect(intersect(a, union(b, c))).toEqual(union(intersect(a, b), intersect(a, c)));
          expect(complement(complement(a, universe), universe)).toEqual(a);
          expect(complement(union(a, b), universe)).toEqual(intersect(complement(a, universe), complement(b, universe)));
          expect(union(difference(a, b), intersect(a, b))).toEqual(a);
        }),
      );
    });
  }
});

test("ranges in any order, overlapping, touching or empty", () => {
  expect(intervals([5, 9], [1, 3], [4, 4], [20, 10], [7, 12])).toEqual([[1, 12]]);
  expect(singletons(80, 22, 443, 23)).toEqual([
    [22, 23],
    [80, 80],
    [443, 443],
  ]);
});

const range4 = fc
  .tuple(fc.nat({ max: 0xffffffff }), fc.nat({ max: 0xffffffff }))
  .map(([a, b]) => intervals<number>([Math.min(a, b), Math.max(a, b)]));

test("prefixes cover the set exactly, and no fewer would", () => {
  fc.assert(
    fc.property(range4, set => {
      const prefixes = toPrefixes4(set);
      const ranges = prefixes.map(prefix => fromPrefix4(prefix) as IntervalSet<number>);
      expect(ranges.reduce((sum, range) => union(sum, range), [])).toEqual(set);
      // Minimal: disjoint, and no two neighbours are the halves of one prefix.
      expect(ranges.reduce((sum, range) => sum + size(range), 0n)).toBe(size(set));
      for (const [i, range] of ranges.entries()) {
        const next = ranges[i + 1];
        if (next !== undefined) expect(asPrefix(union(range, next))).toBeUndefined();
      }
    }),
  );
  expect(toPrefixes4(ALL_IPV4).map(printPrefix)).toEqual(["0.0.0.0/0"]);
  expect(toPrefixes6(ALL_IPV6).map(printPrefix)).toEqual(["::/0"]);
  expect(toPrefixes6(intervals([1n, 4n])).map(printPrefix)).toEqual(["::1/128", "::2/127", "::4/128"]);
  expect(toPrefixes4([])).toEqual([]);
});

const read4 = (text: string): Prefix4 => (parsePrefix4(text) as { prefix: Prefix4 }).prefix;
const read6 = (text: string): Prefix6 => (parsePrefix6(text) as { prefix: Prefix6 }).prefix;

test("a prefix is its addresses, holes in the mask or not", () => {
  expect(fromPrefix4(read4("10.0.0.0/8"))).toEqual([[0x0a000000, 0x0affffff]]);
  expect(fromPrefix4(read4("0.0.0.1/255.255.255.253"))).toEqual([
    [1, 1],
    [3, 3],
  ]);
  expect(fromPrefix4(read4("10.0.0.0/255.0.0.255"), 16)).toBeUndefined();
  expect(fromPrefix4(read4("10.0.5.0/255.255.255.255"), 1)).toEqual([[0x0a000500, 0x0a000500]]);
  expect(fromPrefix6(read6("::1/ffff::1"))).toBeUndefined();
  expect(fromPrefix6(read6("2001:db8::/32"))).toEqual([[0x20010db8n << 96n, (0x20010db9n << 96n) - 1n]]);
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), fc.nat({ max: 255 }), fc.nat({ max: 0xffffffff }), (address, holes, other) => {
      const prefix = prefix4(address, (mask4(24) ^ (holes << 12)) >>> 0);
      const set = fromPrefix4(prefix) as IntervalSet<number>;
      expect(isCanonical(set)).toBe(true);
      const near = ((other & 0xfffff) | (address & 0xfff00000)) >>> 0;
      for (const each of [address, other, near]) expect(contains(set, each)).toBe(prefixContains(prefix, each));
    }),
  );
});

test("a range that is one prefix is recognised, others are not", () => {
  expect(asPrefix([[0x0a000000, 0x0affffff]])).toEqual(prefix4(0x0a000000, mask4(8)));
  expect(asPrefix([[0x0a000000, 0x0afffffe]])).toBeUndefined();
  expect(asPrefix([[1, 2]])).toBeUndefined();
  expect(asPrefix([[0x80000000, 0xffffffff]])).toEqual(prefix4(0x80000000, mask4(1)));
  expect(asPrefix(ALL_IPV6)).toEqual(prefix6(0n, 0n));
  expect(asPrefix([])).toBeUndefined();
});

test("a hundred thousand ranges merge at once", () => {
  const many = intervals<number>(...Array.from({ length: 100_000 }, (_, i) => [i * 4, i * 4 + 1] as const).toReversed());
  const shifted = many.map(([low, high]) => [low + 2, high + 2] as const);
  expect(union(many, shifted)).toEqual([[0, 399_999]]);
  expect(difference(union(many, shifted), many)).toEqual(shifted);
  expect(intersect(many, shifted)).toEqual([]);
});
