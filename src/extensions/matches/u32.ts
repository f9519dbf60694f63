import { invertIf, opaque, type Described } from "../../predicate/index.ts";
import { someOf, type MatchType, type Value } from "../../xtables/index.ts";
import { parseU32, printU32, runU32, shiftsTooFar, type U32Test } from "../u32-program.ts";

/** Kernel: struct xt_u32. */
interface U32 {
  readonly tests: readonly U32Test[];
  readonly invert: boolean;
}

const program: Value<readonly U32Test[]> = {
  shape: "tests",
  parse: parseU32,
  print: tests => `"${printU32(tests)}"`,
};

const grammar = someOf({
  u32: {
    value: program,
    invert: true,
    required: true,
    help: "Numbers found in the packet's bytes are in ranges: `6&0xFF=1 && 0>>22&0x3C@0>>24=8`.",
  },
});

/** Bytes that every IPv4 packet has: a test within them never fails for want of bytes. */
const ALWAYS_THERE = 20;

/** The same as one comparison of bytes, where it is one. */
function describe({ tests: [test, ...more], invert }: U32): Described | undefined {
  if (!test || more.length > 0 || invert || test.start + 4 > ALWAYS_THERE) return undefined;
  const [range, ...others] = test.ranges;
  const [step, ...steps] = test.steps;
  if (!range || others.length > 0 || range[0] !== range[1] || steps.length > 0 || (step && step.operator !== "&")) return undefined;
  const mask = step?.number ?? 0xffffffff;
  if (mask === 0 || (range[0] & ~mask) !== 0) return undefined;
  const before = Math.clz32(mask);
  const after = 31 - Math.clz32(mask & -mask);
  if (mask !== (0xffffffff >>> before) - (2 ** after - 1)) return undefined;
  return {
    kind: "payload",
    base: "network",
    bit: test.start * 8 + before,
    length: 32 - before - after,
    value: BigInt(range[0]) >> BigInt(after),
  };
}

/** `-m u32`: numbers anywhere in the packet. Kernel: xt_u32.c, u32_mt. */
export const u32: MatchType<U32> = {
  name: "u32",
  help: "Match numbers found anywhere in the packet.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const parsed = grammar.parse(given, context).u32;
      return { tests: parsed?.value ?? [], invert: parsed?.invert ?? false };
    },
    save: ({ tests, invert }) => `${invert ? "! " : ""}--u32 "${printU32(tests)}"`,
  },
  check: ({ tests }) => (shiftsTooFar(tests) ? "u32 match: a shift by more than 31 bits" : undefined),
  lower(info) {
    const described = describe(info);
    return {
      predicate: invertIf(
        info.invert,
        opaque<undefined>({
          name: "u32",
          about: `u32 ${printU32(info.tests)}`,
          depends: "packet",
          ...(described && { described }),
          start: () => undefined,
          step: (_, { bytes, end }) => runU32(info.tests, bytes, end),
        }),
      ),
    };
  },
  list: ({ tests, invert }) => `u32 ${invert ? "! " : ""}"${printU32(tests)}"`,
};
