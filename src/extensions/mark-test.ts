import { markMask, someOf, type Grammar, type Masked } from "../xtables/index.ts";

/** `(mark & mask) = value`, or not. Kernel: struct xt_mark_mtinfo1, xt_connmark_mtinfo1. */
export interface MarkTest extends Masked {
  readonly invert: boolean;
}

const grammar = someOf({
  mark: { value: markMask, invert: true, required: true, help: "The mark, of which only the bits in the mask count." },
});

/** The one option of mark and connmark. */
export const markGrammar: Grammar<MarkTest> = {
  options: grammar.options,
  parse(given, context) {
    const { mark } = grammar.parse(given, context);
    return { value: mark?.value.value ?? 0, mask: mark?.value.mask ?? 0, invert: mark?.invert ?? false };
  },
  save: test => `${test.invert ? "! " : ""}--mark ${printMark(test)}`,
};

/** `0x1/0xff`, without the mask where it is all ones. */
export function printMark({ value, mask }: Masked): string {
  return `0x${value.toString(16)}${mask === 0xffffffff ? "" : `/0x${mask.toString(16)}`}`;
}
