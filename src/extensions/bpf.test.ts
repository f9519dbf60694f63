import fc from "fast-check";
import { expect, test } from "vitest";
import { bareFacts, type Facts } from "../predicate/index.ts";
import { UsageError } from "../xtables/index.ts";
import { bpfFault } from "./bpf-check.ts";
import { CODES } from "./bpf-codes.ts";
import { parseBpf, printBpf, type BpfInstruction } from "./bpf-program.ts";
import { runBpf } from "./bpf-run.ts";

const moment = { now: 0, random: () => 7 };
const factsOf = (bytes: Uint8Array): Facts => ({ ...bareFacts(4, () => undefined), bytes, l4: 20, end: bytes.length });
const u8 = fc.nat(255);
const instruction: fc.Arbitrary<BpfInstruction> = fc.record({
  code: fc.constantFrom(...CODES),
  ifTrue: fc.nat(3),
  ifFalse: fc.nat(3),
  k: fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0xfffff000, max: 0xfffff040 })),
});
const programs = fc
  .array(instruction, { minLength: 1, maxLength: 63 })
  .map(parts => [...parts, { code: 0x16, ifTrue: 0, ifFalse: 0, k: 0 }]);

test("a program that was printed is read back the same", () => {
  fc.assert(
    fc.property(programs, program => {
      expect(parseBpf(`${program.length},${printBpf(program)}`)).toEqual(program);
    }),
  );
});

test("any text is read or refused with a sentence", () => {
  const char = fc.constantFrom(..."0123456789, +-x\t");
  fc.assert(
    fc.property(fc.nat(3), fc.array(char, { maxLength: 40 }), (length, chars) => {
      try {
        expect(parseBpf(`${length},${chars.join("")}`)).toHaveLength(length);
      } catch (fault) {
        expect(fault).toBeInstanceOf(UsageError);
      }
    }),
    { numRuns: 2000 },
  );
});

test("a program without fault ends with 32 bits, whatever the packet", () => {
  let run = 0;
  fc.assert(
    fc.property(programs, fc.uint8Array({ minLength: 20, maxLength: 80 }), (program, bytes) => {
      if (bpfFault(program) !== undefined) return;
      run++;
      const result = runBpf(program, factsOf(bytes), moment);
      expect(result >>> 0).toBe(result);
    }),
    { numRuns: 3000 },
  );
  expect(run).toBeGreaterThan(20);
});

test("arithmetic is that of unsigned 32 bits", () => {
  const operations: readonly (readonly [code: number, meaning: (a: bigint, b: bigint) => bigint])[] = [
    [0x04, (a, b) => a + b],
    [0x14, (a, b) => a - b],
    [0x24, (a, b) => a * b],
    [0x34, (a, b) => a / b],
    [0x94, (a, b) => a % b],
    [0x44, (a, b) => a | b],
    [0x54, (a, b) => a & b],
    [0xa4, (a, b) => a ^ b],
    [0x64, (a, b) => a << (b & 31n)],
    [0x74, (a, b) => a >> (b & 31n)],
    [0x84, a => -a],
  ];
  const u32 = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(u32, fc.oneof(u32, u8), fc.constantFrom(...operations), (a, b, [code, meaning]) => {
      const divides = code === 0x34 || code === 0x94;
      const expected = b === 0 && divides ? 0 : Number(BigInt.asUintN(32, meaning(BigInt(a), BigInt(b))));
      const program = parseBpf(`5,0 0 0 ${b},7 0 0 0,0 0 0 ${a},${code === 0x84 ? code : code | 8} 0 0 0,22 0 0 0`);
      expect(runBpf(program, factsOf(new Uint8Array(20)), moment)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

/** What Linux 6.18 says of programs: refused, or taken. */
test.each([
  ["2,52 0 0 0,6 0 0 1", "instruction 0: division by zero"],
  ["3,21 0 1 6,2 0 0 3,96 0 0 3", "the last instruction does not return"],
  ["4,21 0 1 6,2 0 0 3,96 0 0 3,6 0 0 0", "instruction 2: memory word 3 was never written"],
  ["3,2 0 0 3,96 0 0 3,6 0 0 0", undefined],
  ["2,5 0 0 1,6 0 0 0", "instruction 0: jump beyond the end"],
  ["2,100 0 0 32,6 0 0 0", "instruction 0: shift by 32 bits"],
  ["1,255 0 0 9", "instruction 0: unknown code 255"],
])("%s: %s", (text, fault) => expect(bpfFault(parseBpf(text))).toBe(fault));
