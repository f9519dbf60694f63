import { draftOf, finished, type Draft, type Rule } from "../../ruleset/index.ts";
import { withBuiltins } from "../base-chains.ts";
import type { Restored } from "./restored.ts";

/** The file that rules of a restore come from, where the caller does not say. */
export const RESTORE_INPUT = "restore input";

/** The rules as they are now; where the caller says where they come from, they say that. */
export function committed(draft: Draft, at: Rule["at"] | undefined): Restored["result"] {
  const copy = draftOf(finished(draft));
  if (at) {
    for (const table of copy.tables.values())
      for (const chain of table.values())
        if (chain.rules.some(rule => rule.at.file === RESTORE_INPUT))
          chain.reset(chain.rules.map((rule): Rule => (rule.at.file === RESTORE_INPUT ? { ...rule, at } : rule)));
  }
  const absent = withBuiltins(copy);
  return { ruleset: finished(copy), absent };
}
