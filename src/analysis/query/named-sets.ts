import type { Predicate } from "../../predicate/index.ts";
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
        for (const { predicate } of conditions) visit(predicate, names);
        const action = target?.action;
        if (action?.do === "sets") for (const change of [action.add, action.remove, action.map]) if (change) names.add(change.set);
      }
}

function visit(predicate: Predicate, names: Set<string>): void {
  switch (predicate.is) {
    case "member":
      names.add(predicate.test.set);
      return;
    case "not":
      return visit(predicate.of, names);
    case "all":
    case "any":
      for (const part of predicate.of) visit(part, names);
      return;
    case "in":
    case "bits":
    case "name":
    case "present":
    case "constant":
    case "opaque":
  }
}
