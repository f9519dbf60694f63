import { hopAction, hopGrammar, hopListing, type Hops } from "../hops.ts";
import type { TargetType } from "../../xtables/index.ts";

/** `-j HL`: sets, raises or lowers the hop limit; it stops at 0 and 255. Kernel: xt_HL.c, hl_tg6. */
export const HL: TargetType<Hops> = {
  name: "HL",
  help: "Set, raise or lower the packet's hop limit.",
  families: [6],
  tables: ["mangle"],
  options: hopGrammar("hl"),
  lower: hopAction,
  list: hopListing("HL"),
};
