import type { Decision } from "../../engine/index.ts";
import { ruleText, type Ruleset } from "../../ruleset/index.ts";
import type { RulePointer } from "../witness.ts";

/** Points at the rule or policy that the engine names, in the ruleset that it ran. */
export function decisionPointer({ family, table, chain, number, rule }: Decision, ruleset: Ruleset | undefined): RulePointer {
  const place = { family, table, chain };
  if (rule !== undefined) {
    const { file, line } = rule.at;
    return { ...place, number, file, line, text: `-A ${chain} ${ruleText(rule)}` };
  }
  const found = ruleset?.tables.get(table)?.chains.get(chain);
  const { file, line } = found?.at ?? { file: "", line: 0 };
  return { ...place, number: undefined, file, line, text: `policy ${found?.policy ?? "ACCEPT"}` };
}
