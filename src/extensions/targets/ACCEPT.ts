import { noOptions, type TargetType } from "../../xtables/index.ts";

/** `-j ACCEPT`: the packet passes this table. Kernel: ip_tables.c, the standard target with verdict NF_ACCEPT. */
export const ACCEPT: TargetType<object> = {
  name: "ACCEPT",
  help: "Let the packet through.",
  options: noOptions,
  lower: () => ({ do: "accept" }),
  list: () => "",
};
