import { bits, invertIf } from "../../predicate/index.ts";
import { bounded, dscpClass, hexByte, someOf, UsageError, type MatchType } from "../../xtables/index.ts";

interface Dscp {
  readonly dscp: number;
  readonly invert: boolean;
}

const DSCP_MAX = 0x3f;
/** The DSCP is the upper six bits of the byte, ECN the lower two. */
const DSCP_SHIFT = 2;

const grammar = someOf({
  dscp: { value: bounded(0, DSCP_MAX, hexByte), invert: true, excludes: ["dscp-class"], help: "The code point, a number from 0 to 63." },
  "dscp-class": { value: dscpClass, invert: true, excludes: ["dscp"], help: "A class: BE, EF, CSx or AFxx." },
});

/** `-m dscp`: the six DSCP bits of the IP header. Kernel: xt_dscp.c, dscp_mt and dscp_mt6. */
export const dscp: MatchType<Dscp> = {
  name: "dscp",
  help: "Match the differentiated services code point.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const parsed = found.dscp ?? found["dscp-class"];
      if (!parsed) throw new UsageError("DSCP match: Parameter --dscp is required");
      return { dscp: parsed.value, invert: parsed.invert };
    },
    save: ({ dscp, invert }) => `${invert ? "! " : ""}--dscp ${hexByte(dscp)}`,
  },
  lower: ({ dscp, invert }) => ({ predicate: invertIf(invert, bits("tos", DSCP_MAX << DSCP_SHIFT, dscp << DSCP_SHIFT)) }),
  list: ({ dscp, invert }) => `DSCP match ${invert ? "!" : ""}${hexByte(dscp)}`,
};
