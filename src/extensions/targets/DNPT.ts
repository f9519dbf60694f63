import type { TargetType } from "../../xtables/index.ts";
import { checkPrefixes, prefixAction, prefixGrammar, prefixListing, type PrefixTranslation } from "../prefix-translation.ts";

/** `-j DNPT`: the destination address's prefix is replaced without tracking, so that no checksum changes. Kernel: ip6t_NPT.c, ip6t_dnpt_tg. */
export const DNPT: TargetType<PrefixTranslation> = {
  name: "DNPT",
  help: "Replace the prefix of the IPv6 destination address without tracking.",
  families: [6],
  tables: ["mangle"],
  hooks: ["PREROUTING", "OUTPUT"],
  options: prefixGrammar,
  check: info => checkPrefixes("DNPT", info),
  lower: prefixAction("destination"),
  list: prefixListing("DNPT"),
};
