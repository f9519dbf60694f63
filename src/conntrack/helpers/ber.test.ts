import fc from "fast-check";
import { expect, test } from "vitest";
import { unhex } from "../../packet/index.ts";
import { readBer, type Element } from "./ber.ts";

const NUMBER: Element = { tag: 0x02 };
const TEXT: Element = { tag: 0x04 };
const PAIR: Element = { tag: 0x30, inside: { all: [NUMBER, { oneOf: [TEXT, NUMBER] }] } };
const LIST: Element = { tag: 0x30, inside: { many: NUMBER } };

test.each([
  ["a pair", PAIR, "3006020101020102", true],
  ["the second may be missing", PAIR, "3003020101", true],
  ["the first may not", PAIR, "3000", false],
  ["no third", PAIR, "3009020101020102020103", false],
  ["another tag", PAIR, "3006020101050102", false],
  ["lengths of two and three bytes", PAIR, "30820007028101010401ff", true],
  ["a constructed tag without its mark", PAIR, "1006020101020102", true],
  ["a leaf with that mark", PAIR, "3006220101020102", false],
  ["longer than what there is", PAIR, "3007020101020102", false],
  ["something behind it", PAIR, "3006020101020102ff", true],
  ["a length that only an end mark tells", PAIR, "308002010102010200", false],
  ["at least one of a list", LIST, "3000", false],
  ["many of a list", LIST, "3009020101020102020103", true],
] as const)("%s", (_name, element, hex, holds) => {
  const bytes = unhex(hex);
  expect(readBer(bytes, 0, bytes.length, element)).toBe(holds);
});

test("no bytes make it throw or read beyond the end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
      const seen: number[] = [];
      const leaf: Element = { tag: 0x02, found: (at, length) => (seen.push(at + length), true) };
      readBer(bytes, 0, bytes.length, { tag: 0x30, inside: { all: [leaf, { oneOf: [leaf] }] } });
      expect(Math.max(0, ...seen)).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
