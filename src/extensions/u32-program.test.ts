import fc from "fast-check";
import { expect, test } from "vitest";
import { UsageError } from "../xtables/index.ts";
import { parseU32, printU32, runU32, type U32Step, type U32Test } from "./u32-program.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const step: fc.Arbitrary<U32Step> = fc.oneof(
  fc.record({ operator: fc.constantFrom("&" as const, "@" as const), number: u32 }),
  fc.record({ operator: fc.constantFrom("<<" as const, ">>" as const), number: fc.nat(31) }),
);
const program: fc.Arbitrary<U32Test[]> = fc.array(
  fc.record({
    start: fc.oneof(fc.nat(60), u32),
    steps: fc.array(step, { maxLength: 9 }),
    ranges: fc.array(fc.tuple(u32, u32), { minLength: 1, maxLength: 10 }),
  }),
  { minLength: 1, maxLength: 10 },
);

test("a program that was printed is read back the same", () => {
  fc.assert(
    fc.property(program, tests => {
      expect(parseU32(printU32(tests))).toEqual(tests);
    }),
  );
});

test("any text is read or refused with a sentence", () => {
  const char = fc.constantFrom(..."0123456789abcdefx&<>@=,: +-");
  fc.assert(
    fc.property(fc.array(char, { maxLength: 60 }), chars => {
      try {
        expect(parseU32(chars.join("")).length).toBeGreaterThan(0);
      } catch (fault) {
        expect(fault).toBeInstanceOf(UsageError);
      }
    }),
    { numRuns: 3000 },
  );
});

test("a program never reads beyond the packet", () => {
  fc.assert(
    fc.property(program, fc.uint8Array({ minLength: 1, maxLength: 80 }), (tests, packet) => {
      const padded = new Uint8Array(packet.length + 16);
      padded.set(packet);
      const held = runU32(tests, padded, packet.length);
      padded.fill(0xff, packet.length);
      expect(runU32(tests, padded, packet.length)).toBe(held);
    }),
  );
});

test("a long text is no slower than it is long", () => {
  const blanks = " ".repeat(200_000);
  expect(parseU32(`${blanks}0${blanks}=${blanks}1${blanks}`)).toHaveLength(1);
  expect(() => parseU32(`0=${"1,".repeat(100_000)}`)).toThrow('too many ","s');
});
