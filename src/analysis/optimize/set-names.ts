import type { Predicate } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";

/** The ipsets that rules name. */
export function setNames(ruleset: Ruleset): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { chains } of ruleset.tables.values())
    for (const { rules } of chains.values())
      for (const { conditions, target } of rules) {
        for (const { predicate } of conditions) collect(predicate, names);
        const action = target?.action;
        if (action?.do === "sets") for (const change of [action.add, action.remove, action.map]) if (change) names.add(change.set);
      }
  return names;
}

function collect(predicate: Predicate, into: Set<string>): void {
  switch (predicate.is) {
    case "member":
      into.add(predicate.test.set);
      return;
    case "not":
      return collect(predicate.of, into);
    case "all":
    case "any":
      for (const part of predicate.of) collect(part, into);
      return;
    default:
  }
}
