import { noOptions, type TargetType } from "../../xtables/index.ts";

/** `-j TRACE`: every rule that the packet meets from here on is logged. Kernel: xt_TRACE.c; the raw table only (iptables-nft takes it anywhere). */
export const TRACE: TargetType<object> = {
  name: "TRACE",
  help: "Log every rule that the packet meets from here on.",
  options: noOptions,
  check: (_, { table, variant }) =>
    table === "raw" || variant === "nft" ? undefined : `TRACE target: only valid in the raw table, not in ${table}`,
  lower: () => ({ do: "trace" }),
  list: () => "",
};
