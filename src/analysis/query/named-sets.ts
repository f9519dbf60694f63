import { setsAsked } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import type { Stand } from "../confirm/index.ts";

/** Names of ipsets that rules ask for or change. */
export function namedSets({ v4, v6 }: Pick<Stand, "v4" | "v6">): readonly string[] {
  const names = new Set<string>();
  for (const ruleset of [v4, v6]) if (ruleset) collect(ruleset, names);
  return [...names];
}

function collect({ tables }: Ruleset, names: Set<string>): void {
  for (const { chains } of tables.values())
    for (const { rules } of chains.values())
      for (const { conditions, target } of rules) {
        for (const { predicate } of conditions) for (const name of setsAsked(predicate)) names.add(name);
        const action = target?.action;
        if (action?.do === "sets") for (const change of [action.add, action.remove, action.map]) if (change) names.add(change.set);
      }
}
