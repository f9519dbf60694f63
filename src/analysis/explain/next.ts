import type { Chain } from "../../ruleset/index.ts";

/** Where a packet goes on that a rule does not decide on. */
export type Next =
  | { readonly to: "rule"; readonly number: number }
  | { readonly to: "policy"; readonly policy: "ACCEPT" | "DROP" }
  /** Back behind the rule that led to the user chain. */
  | { readonly to: "caller" };

/** What follows rule `number` of the chain, counted from 1. */
export function nextOf({ rules, policy }: Chain, number: number): Next {
  if (number < rules.length) return { to: "rule", number: number + 1 };
  return policy === undefined ? { to: "caller" } : { to: "policy", policy };
}
