import { bits, invertIf } from "../../predicate/index.ts";
import { someOf, type MatchType, type Options } from "../../xtables/index.ts";

const spec = {
  loose: { help: "A way back through any interface will do." },
  validmark: { help: "The packet's mark counts when the way back is looked up." },
  "accept-local": { help: "Packets from an address of this machine pass." },
  invert: { help: "Match packets that do not pass." },
} as const;
const grammar = someOf(spec);
type Rpfilter = Options<typeof spec>;

/** The bit of the field `rpf` that says whether the packet passes with these options. */
const result = (info: Rpfilter): number => 1 << ((info.loose ? 1 : 0) | (info.validmark ? 2 : 0) | (info["accept-local"] ? 4 : 0));

/** `-m rpfilter`: would an answer leave by the interface that the packet came in on? Kernel: ipt_rpfilter.c and ip6t_rpfilter.c, rpfilter_mt. */
export const rpfilter: MatchType<Rpfilter> = {
  name: "rpfilter",
  help: "Match packets that pass the reverse-path test.",
  tables: ["raw", "mangle"],
  hooks: ["PREROUTING"],
  options: grammar,
  lower: info => ({ predicate: invertIf(info.invert !== undefined, bits("rpf", result(info), result(info))) }),
  list: info => ["rpfilter", ...Object.keys(spec).filter(key => info[key as keyof Rpfilter])].join(" "),
};
