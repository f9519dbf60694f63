import type { TargetType } from "../../xtables/index.ts";
import { checkPrefixes, prefixAction, prefixGrammar, prefixListing, type PrefixTranslation } from "../prefix-translation.ts";

/** `-j SNPT`: the source address's prefix is replaced without tracking, so that no checksum changes. Kernel: ip6t_NPT.c, ip6t_snpt_tg. */
export const SNPT: TargetType<PrefixTranslation> = {
  name: "SNPT",
  help: "Replace the prefix of the IPv6 source address without tracking.",
  families: [6],
  tables: ["mangle"],
  hooks: ["INPUT", "POSTROUTING"],
  options: prefixGrammar,
  check: info => checkPrefixes("SNPT", info),
  lower: prefixAction("source"),
  list: prefixListing("SNPT"),
};
