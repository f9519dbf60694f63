import type { Family } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";

/** A sentence for each family that packets have and that no rules were given for. `remedy6` says how to give the IPv6 ones. */
export function missingRules(
  rules: { readonly v4: Ruleset | undefined; readonly v6: Ruleset | undefined },
  families: Iterable<Family>,
  remedy6 = "",
): readonly string[] {
  const asked = new Set(families);
  const missing: string[] = [];
  if (asked.has(4) && rules.v4 === undefined) missing.push("there are no IPv4 rules, so nothing filters IPv4");
  if (asked.has(6) && rules.v6 === undefined) missing.push(`there are no IPv6 rules${remedy6}, so nothing filters IPv6`);
  return missing;
}
