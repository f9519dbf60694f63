import { bounded, dscpClass, hexByte, someOf, UsageError, type TargetType } from "../../xtables/index.ts";

const DSCP_MAX = 0x3f;
/** The DSCP is the upper six bits of the byte, ECN the lower two. */
const DSCP_SHIFT = 2;

const grammar = someOf({
  "set-dscp": { value: bounded(0, DSCP_MAX, hexByte), excludes: ["set-dscp-class"], help: "A number from 0 to 63." },
  "set-dscp-class": { value: dscpClass, excludes: ["set-dscp"], help: "A class: EF, BE, CSx or AFxx." },
});

interface Dscp {
  readonly dscp: number;
}

/** `-j DSCP`: sets the six DSCP bits of the IP header. Kernel: xt_DSCP.c, dscp_tg and dscp_tg6. */
export const DSCP: TargetType<Dscp> = {
  name: "DSCP",
  help: "Set the differentiated services code point.",
  tables: ["mangle"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const dscp = found["set-dscp"]?.value ?? found["set-dscp-class"]?.value;
      if (dscp === undefined) throw new UsageError("DSCP target: Parameter --set-dscp is required");
      return { dscp };
    },
    save: ({ dscp }) => `--set-dscp ${hexByte(dscp)}`,
  },
  lower: ({ dscp }) => ({ do: "set", field: "tos", clear: DSCP_MAX << DSCP_SHIFT, value: dscp << DSCP_SHIFT }),
  list: ({ dscp }) => `DSCP set ${hexByte(dscp)}`,
};
