import { hopAction, hopGrammar, hopListing, type Hops } from "../hops.ts";
import type { TargetType } from "../../xtables/index.ts";

/** `-j TTL`: sets, raises or lowers the time to live; it stops at 0 and 255. Kernel: xt_HL.c, ttl_tg. */
export const TTL: TargetType<Hops> = {
  name: "TTL",
  help: "Set, raise or lower the packet's time to live.",
  families: [4],
  tables: ["mangle"],
  options: hopGrammar("ttl"),
  lower: hopAction,
  list: hopListing("TTL"),
};
