import { noOptions, type TargetType } from "../../xtables/index.ts";

/** `-j QUEUE`: the packet goes to user space by queue 0, and is dropped when nobody listens. Kernel: ip_tables.c, NF_QUEUE. iptables-nft refuses it. */
export const QUEUE: TargetType<object> = {
  name: "QUEUE",
  help: "Hand the packet to user space by queue 0.",
  options: noOptions,
  check: (_, { variant }) => (variant === "nft" ? "QUEUE target: nf_tables has none" : undefined),
  lower: () => ({ do: "queue", low: 0, high: 0, bypass: false }),
  list: () => "",
};
