import { all, bits, invertIf, present } from "../../predicate/index.ts";
import { markGrammar, printMark, type MarkTest } from "../mark-test.ts";
import type { MatchType } from "../../xtables/index.ts";

/** `-m connmark`: the mark of the packet's connection; without a connection it does not match, inverted or not. Kernel: xt_connmark.c, connmark_mt. */
export const connmark: MatchType<MarkTest> = {
  name: "connmark",
  help: "Match the mark of the packet's connection.",
  needs: () => ["conntrack"],
  options: markGrammar,
  lower: ({ value, mask, invert }) => ({
    predicate: invert ? all(present("ctmark"), invertIf(invert, bits("ctmark", mask, value))) : bits("ctmark", mask, value),
  }),
  list: test => `connmark match ${test.invert ? "!" : ""} ${printMark(test)}`,
};
