import fc from "fast-check";
import { expect, test } from "vitest";
import { bitRanges, extract, groupBits, meeting, rangeTests, spread } from "./bit-groups.ts";

const byte = fc.bigInt(0n, 255n);

test("a range is its prefix tests", () => {
  fc.assert(
    fc.property(byte, byte, byte, (a, b, value) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const tests = rangeTests([low, high], 8);
      expect(tests.some(({ mask, value: wanted }) => (value & mask) === wanted)).toBe(low <= value && value <= high);
    }),
  );
});

test("a test of bits is its ranges, ascending and apart", () => {
  fc.assert(
    fc.property(byte, byte, byte, (mask, wanted, value) => {
      const ranges = bitRanges(mask, wanted, 8, 256) ?? [];
      expect(ranges.some(([low, high]) => low <= value && value <= high)).toBe((value & mask) === wanted);
      for (const [index, [low]] of ranges.entries()) if (index > 0) expect(low > (ranges[index - 1]?.[1] ?? 0n) + 1n).toBe(true);
    }),
  );
});

test("a range meets a test of bits in all of its values, in some, or in none", () => {
  fc.assert(
    fc.property(byte, byte, byte, byte, (mask, value, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      const passing = Array.from({ length: Number(high - low) + 1 }, (_, k) => ((low + BigInt(k)) & mask) === value);
      const expected = passing.every(Boolean) ? "all" : passing.some(Boolean) ? "some" : "none";
      expect(meeting({ mask, value }, [low, high])).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test("too many ranges are none", () => {
  expect(bitRanges(1n, 1n, 32, 4096)).toBeUndefined();
});

test("groups cut the tested bits so that each mask is a union of them", () => {
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 5 }), masks => {
      const groups = groupBits(masks, 8);
      expect(groups.reduce((sum, group) => sum | group, 0n)).toBe(masks.reduce((sum, mask) => sum | mask, 0n));
      expect(groups.reduce((sum, group) => sum + group, 0n)).toBe(groups.reduce((sum, group) => sum | group, 0n));
      for (const mask of masks) for (const group of groups) expect([0n, group]).toContain(group & mask);
    }),
  );
});

test("spread undoes extract", () => {
  fc.assert(
    fc.property(byte, byte, (value, mask) => {
      expect(spread(extract(value, mask), mask)).toBe(value & mask);
    }),
  );
});
