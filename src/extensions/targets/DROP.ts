import { noOptions, UsageError, type TargetType } from "../../xtables/index.ts";

/** `-j DROP`: the packet ends here without a word. Kernel: ip_tables.c, NF_DROP. iptables itself forbids it in the nat table. */
export const DROP: TargetType<object> = {
  name: "DROP",
  help: "Drop the packet silently.",
  options: noOptions,
  finish(info, { table }) {
    if (table === "nat") throw new UsageError('The "nat" table is not intended for filtering, the use of DROP is therefore inhibited.');
    return info;
  },
  lower: () => ({ do: "drop" }),
  list: () => "",
};
