import type { Family } from "../../predicate/index.ts";
import type { KernelChoice, KernelRules } from "./api.ts";

/** Index in `rules` of what a document shows for a family; -1 for nothing. */
export function chosenRules(rules: readonly KernelRules[], family: Family, choice: KernelChoice): number {
  const fits = (each: KernelRules): boolean => each.family === family && (choice === "any" || each.backend === choice);
  const full = rules.findIndex(each => fits(each) && each.text !== "");
  return full >= 0 ? full : rules.findIndex(fits);
}
