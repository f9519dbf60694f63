import fc from "fast-check";
import { expect, test } from "vitest";
import { atoll, strtoul } from "./atoll.ts";
import { scanBig, u64, u64Range, U64_MAX } from "./big-integers.ts";
import { scanDouble } from "./strtod.ts";
import { UsageError } from "./usage.ts";

const context = { family: 4, extension: "x", option: "y", protocol: "all", warn: () => undefined } as never;

test.each([
  ["5/s", 5n],
  ["  -7x", -7n],
  ["+3", 3n],
  ["x", 0n],
  ["", 0n],
  ["0x10", 0n],
  ["99999999999999999999", (1n << 63n) - 1n],
  ["-99999999999999999999", -(1n << 63n)],
] as const)("atoll %j is %s", (text, value) => expect(atoll(text)).toBe(value));

test.each([
  ["0x1f,", 31n, ","],
  ["010", 8n, ""],
  ["08", 0n, "8"],
  ["-0", 0n, ""],
  ["-1", U64_MAX, ""],
  ["99999999999999999999999", U64_MAX, ""],
  ["-99999999999999999999999", U64_MAX, ""],
  ["z", 0n, "z"],
  ["", 0n, ""],
] as const)("strtoul %j is %s and leaves %j", (text, value, rest) => expect(strtoul(text)).toEqual({ value, rest }));

test.each([
  ["0.5x", 0.5, "x"],
  [".25", 0.25, ""],
  ["5.", 5, ""],
  [" +1e3ms", 1000, "ms"],
  ["1e", 1, "e"],
  ["-2", -2, ""],
  ["0x1p-3", 0.125, ""],
  ["0x.8", 0.5, ""],
  ["0x", 0, "x"],
  ["inf", Infinity, ""],
  ["-INFINITY!", -Infinity, "!"],
  ["nan(12)", NaN, ""],
] as const)("strtod %j is %d and leaves %j", (text, value, rest) => expect(scanDouble(text)).toEqual({ value, rest }));

test.each(["", "x", ".", "e5", "-", "+-1"])("strtod finds no number in %j", text => expect(scanDouble(text)).toBeUndefined());

test("64-bit numbers are exact", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: U64_MAX }), value => {
      for (const text of [`${value}`, `0x${value.toString(16)}`, `0${value.toString(8)}`]) {
        expect(u64.parse(text, context)).toBe(value);
        expect(scanBig(`${text}:`, U64_MAX)).toEqual({ value, rest: ":" });
        expect(strtoul(text)).toEqual({ value, rest: "" });
      }
    }),
  );
});

test.each(["18446744073709551616", "-1", "5k", "", " "])("%j is no 64-bit number", text =>
  expect(() => u64.parse(text, context)).toThrow(UsageError),
);

test.each([
  ["5", [5n, undefined]],
  ["5:", [5n, undefined]],
  [":7", [0n, 7n]],
  ["", [0n, undefined]],
  [":", [0n, undefined]],
  ["9:3", [9n, 3n]],
] as const)("the range %j", (text, range) => expect(u64Range.parse(text, context)).toEqual(range));
