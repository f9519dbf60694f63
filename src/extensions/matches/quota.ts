import { invertIf, opaque, type Opaque } from "../../predicate/index.ts";
import { someOf, u64, type MatchType, type Parsed } from "../../xtables/index.ts";

const spec = { quota: { value: u64, invert: true, required: true, help: "How many bytes may pass." } } as const;
const grammar = someOf(spec);
const NONE = { value: 0n, invert: false };

/** Kernel: xt_quota.c, quota_mt. The first packet that is too long for what is left uses it up. */
function step(bytes: bigint): Opaque<{ left: bigint }> {
  return {
    name: "quota",
    about: `quota: ${bytes} bytes`,
    depends: "history",
    described: { kind: "quota", bytes },
    start: () => ({ left: bytes }),
    step(state, facts) {
      const length = BigInt(facts.value("length") ?? 0);
      const holds = state.left >= length;
      state.left = holds ? state.left - length : 0n;
      return holds;
    },
  };
}

/** `-m quota`: packets up to a number of bytes in all. Kernel: xt_quota.c, quota_mt. */
export const quota: MatchType<{ readonly quota?: Parsed<bigint> }> = {
  name: "quota",
  help: "Match packets until so many bytes have passed.",
  options: grammar,
  lower: ({ quota: { value, invert } = NONE }) => ({ predicate: invertIf(invert, opaque(step(value))) }),
  // A listing shows no inversion.
  list: ({ quota: { value } = NONE }) => `quota: ${value} bytes`,
};
