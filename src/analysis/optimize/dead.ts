import { ruleText, type Ruleset, type Sets } from "../../ruleset/index.ts";
import { NO, Reach, Results, SpentBudget, surveyed } from "../../symbolic/index.ts";
import type { RulePointer } from "../witness.ts";

/**
 * Rules that no packet reaches and matches, in chains that packets do enter; rules that have counted a packet are left out, whatever the analysis
 * says. None where the analysis gives up.
 */
export function deadRules(ruleset: Ruleset, sets: Sets | undefined): readonly RulePointer[] {
  try {
    return found(ruleset, sets);
  } catch (fault) {
    if (fault instanceof SpentBudget || fault instanceof RangeError) return [];
    throw fault;
  }
}

function found(ruleset: Ruleset, sets: Sets | undefined): readonly RulePointer[] {
  const { family } = ruleset;
  const results = new Results(surveyed({ family, rulesets: [ruleset], sets }));
  const dead: RulePointer[] = [];
  for (const [table, { chains }] of ruleset.tables) {
    const reach = Reach.of(ruleset, table, results);
    if (!reach) continue;
    for (const chain of chains.values()) {
      if (reach.entering(chain.name) === NO) continue;
      for (const [index, rule] of chain.rules.entries()) {
        if (rule.counters.packets > 0n || reach.rule(chain, index).effective !== NO) continue;
        const { file, line } = rule.at;
        dead.push({
          family,
          table,
          chain: chain.name,
          number: index + 1,
          file,
          line,
          text: `-A ${chain.name} ${ruleText(rule)}`.trimEnd(),
        });
      }
    }
  }
  return dead;
}
