import { noOptions, type TargetType } from "../../xtables/index.ts";

/** `-j RETURN`: back to the calling chain, or on to the policy of a built-in one. Kernel: ip_tables.c, XT_RETURN. */
export const RETURN: TargetType<object> = {
  name: "RETURN",
  help: "Go back to the calling chain; in a built-in chain its policy decides.",
  options: noOptions,
  lower: () => ({ do: "return" }),
  list: () => "",
};
