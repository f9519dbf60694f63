import { among, invertIf } from "../../predicate/index.ts";
import { integerRange, printRange, someOf, type IntegerRange, type MatchType } from "../../xtables/index.ts";

interface Length {
  readonly range: IntegerRange;
  readonly invert: boolean;
}

const grammar = someOf({
  length: { value: integerRange(0xffff), invert: true, required: true, help: "Bytes of the whole packet, IP header included." },
});

/** `-m length`: the length of the IP packet in bytes. Kernel: xt_length.c, length_mt and length_mt6. */
export const length: MatchType<Length> = {
  name: "length",
  help: "Match the length of the packet.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const parsed = grammar.parse(given, context).length;
      return { range: parsed?.value ?? [0, 0], invert: parsed?.invert ?? false };
    },
    save: ({ range, invert }) => `${invert ? "! " : ""}--length ${printRange(range)}`,
  },
  lower: ({ range, invert }) => ({ predicate: invertIf(invert, among("length", range)) }),
  list: ({ range, invert }) => `length ${invert ? "!" : ""}${printRange(range)}`,
};
