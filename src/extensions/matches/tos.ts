import { bits, invertIf } from "../../predicate/index.ts";
import { someOf, tosMask, tosName, type Masked, type MatchType } from "../../xtables/index.ts";

interface Tos extends Masked {
  readonly invert: boolean;
}

const grammar = someOf({
  tos: { value: tosMask, invert: true, required: true, help: "The byte, of which only the bits in the mask count, or a name for it." },
});

/** `-m tos`: the type-of-service byte, or traffic class, under a mask. Kernel: xt_dscp.c, tos_mt. */
export const tos: MatchType<Tos> = {
  name: "tos",
  help: "Match the type of service, or traffic class.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const { tos: parsed } = grammar.parse(given, context);
      return { value: parsed?.value.value ?? 0, mask: parsed?.value.mask ?? 0, invert: parsed?.invert ?? false };
    },
    save: (test, family) => `${test.invert ? "! " : ""}--tos ${tosMask.print(test, family)}`,
  },
  lower: ({ value, mask, invert }) => ({ predicate: invertIf(invert, bits("tos", mask, value)) }),
  list(test, { numeric }, family) {
    const name = numeric ? undefined : tosName(test);
    return `tos match${test.invert ? "!" : ""}${name === undefined ? tosMask.print(test, family) : ` ${name}`}`;
  },
};
