import fc from "fast-check";
import { expect, test } from "vitest";
import { compactCount, fullCount } from "./counts.ts";

test("counts are short, and never more than there was", () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, "0"],
    [999, "999"],
    [1000, "1.0k"],
    [1299, "1.2k"],
    [9999, "9.9k"],
    [34_900, "34k"],
    [999_999, "999k"],
    [5_000_000, "5.0M"],
    [7e9, "7.0G"],
    [18e12, "18T"],
  ];
  for (const [count, text] of rows) expect(compactCount(count)).toBe(text);
});

test("at most five characters below a thousand million million", () => {
  fc.assert(fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), count => compactCount(count % 1e15).length <= 5));
});

test("full counts have their plural", () => {
  expect(fullCount(1, "packet")).toBe("1 packet");
  expect(fullCount(1204, "packet")).toBe("1,204 packets");
});
