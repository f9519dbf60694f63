import { bits, invertIf } from "../../predicate/index.ts";
import { markGrammar, printMark, type MarkTest } from "../mark-test.ts";
import type { MatchType } from "../../xtables/index.ts";

/** `-m mark`: the packet's mark under a mask; a value with bits beside the mask never matches. Kernel: xt_mark.c, mark_mt. */
export const mark: MatchType<MarkTest> = {
  name: "mark",
  help: "Match the mark of the packet.",
  options: markGrammar,
  lower: ({ value, mask, invert }) => ({ predicate: invertIf(invert, bits("mark", mask, value)) }),
  list: test => `mark match ${test.invert ? "! " : ""}${printMark(test)}`,
};
