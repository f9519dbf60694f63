import fc from "fast-check";
import { expect, test } from "vitest";
import { findByJumps, jumpsOf } from "./boyer-moore.ts";
import { findText, prepareSearch } from "./text-search.ts";

const IDENTITY = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const bytes = (text: string): Uint8Array => Uint8Array.from(text, char => char.charCodeAt(0));
/** Words of few letters repeat themselves, which is where searches go wrong. */
const word = (min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom("a", "b", "c"), { minLength: min, maxLength: max }).map(letters => letters.join(""));

test("both ways find the first place, or none", () => {
  fc.assert(
    fc.property(word(1, 8), word(0, 60), fc.nat(20), (pattern, text, from) => {
      const found = text.indexOf(pattern, from);
      const expected = found < 0 ? undefined : found;
      expect(findText(prepareSearch(bytes(pattern), false), bytes(text), from, text.length)).toBe(expected);
      expect(
        findByJumps(
          bytes(pattern),
          jumpsOf(bytes(pattern), byte => byte),
          IDENTITY,
          bytes(text),
          from,
          text.length,
        ),
      ).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["kmp", true, [0xe4], [0xc4], 0],
  ["kmp", true, [0xc4], [0xe4], 0],
  ["kmp", false, [0xc4], [0xe4], undefined],
  ["kmp", true, [0xd7], [0xf7], undefined],
  ["kmp", true, [0xbf, 0x41], [0x78, 0xdf, 0x41], 1],
  ["bm", true, [0xc4, 0x41], [0x78, 0xe4, 0x61], 1],
  // What the kernel's jumps pass over.
  ["bm", true, [0xbf, 0x41], [0x78, 0xdf, 0x41], undefined],
  ["bm", true, [0xbf, 0x41], [0x78, 0xbf, 0x41], 1],
] as const)("%s, ignoring case %s: %j in %j is at %s", (algorithm, ignoreCase, pattern, text, expected) => {
  const search = prepareSearch(Uint8Array.from(pattern), ignoreCase, algorithm);
  expect(findText(search, Uint8Array.from(text), 0, text.length)).toBe(expected);
});

test("nothing is found beyond the end, nor before the beginning", () => {
  const search = prepareSearch(bytes("aa"), false);
  expect(findText(search, bytes("xaaa"), 3, 4)).toBeUndefined();
  expect(findText(search, bytes("xaaa"), 2, 4)).toBe(2);
  expect(findText(search, bytes("xaaa"), 0, 2)).toBeUndefined();
  expect(findText(search, bytes("xaaa"), 9, 4)).toBeUndefined();
});
