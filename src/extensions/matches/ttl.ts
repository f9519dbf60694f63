import { hopTestGrammar, listHops, lowerHops, type HopTest } from "../hop-test.ts";
import type { MatchType } from "../../xtables/index.ts";

/** `-m ttl`: the time to live. Kernel: xt_hl.c, ttl_mt. */
export const ttl: MatchType<HopTest> = {
  name: "ttl",
  help: "Match the packet's time to live.",
  families: [4],
  options: hopTestGrammar("ttl", "TTL match: You must specify one of `--ttl-eq', `--ttl-lt', `--ttl-gt"),
  lower: test => ({ predicate: lowerHops(test) }),
  list: test => listHops("TTL", test),
};
