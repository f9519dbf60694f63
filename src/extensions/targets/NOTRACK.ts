import { noOptions, type TargetType } from "../../xtables/index.ts";

/** `-j NOTRACK`: no connection is tracked for the packet, its state is UNTRACKED. Kernel: xt_CT.c, notrack_tg. Saved under its own name, as 1.8.9 does. */
export const NOTRACK: TargetType<object> = {
  name: "NOTRACK",
  help: "Do not track the packet's connection.",
  tables: ["raw"],
  options: noOptions,
  lower: () => ({ do: "track", notrack: true }),
  list: () => "NOTRACK",
};
