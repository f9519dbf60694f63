import { hopTestGrammar, listHops, lowerHops, type HopTest } from "../hop-test.ts";
import type { MatchType } from "../../xtables/index.ts";

/** `-m hl`: the hop limit. Kernel: xt_hl.c, hl_mt6. */
export const hl: MatchType<HopTest> = {
  name: "hl",
  help: "Match the packet's hop limit.",
  families: [6],
  options: hopTestGrammar("hl", "HL match: You must specify one of `--hl-eq', `--hl-lt', `--hl-gt'"),
  lower: test => ({ predicate: lowerHops(test) }),
  list: test => listHops("HL", test),
};
