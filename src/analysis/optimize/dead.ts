import { draftOf, finished, ruleText, type Rule, type Ruleset, type Sets } from "../../ruleset/index.ts";
import { NO, Reach, Results, SpentBudget, surveyed } from "../../symbolic/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { RulePointer } from "../witness.ts";
import { proven, type ProofScene } from "./proof.ts";

/** Rules that can be left out, and those that look so but drop packets whose headers are cut. */
export interface Dead {
  readonly removable: readonly RulePointer[];
  readonly kept: readonly RulePointer[];
}

/** Rules with a hotdrop that are tried one by one; others stay. */
const MOST_TRIED = 16;
/** Rules that are looked at in all trials together. */
const MOST_WORK = 20_000;

/**
 * Rules that no packet reaches and matches, in chains that packets do enter; rules that have counted a packet are left out, whatever the analysis
 * says. None where the analysis gives up.
 */
export function deadRules(ruleset: Ruleset, scene: ProofScene): Dead {
  const dead = unreached(ruleset, scene.sets);
  const dropping = dead.filter(pointer => ruleAt(ruleset, pointer)?.conditions.some(({ hotdrop }) => hotdrop !== undefined));
  const most = Math.min(MOST_TRIED, Math.ceil(MOST_WORK / countRules(ruleset)));
  const tried = new Set(dropping.slice(0, most).filter(pointer => proven(ruleset, without(ruleset, pointer), scene).equal));
  const removable = dead.filter(pointer => !dropping.includes(pointer) || tried.has(pointer));
  return { removable, kept: dead.filter(pointer => !removable.includes(pointer)) };
}

function countRules({ tables }: Ruleset): number {
  let count = 1;
  for (const { chains } of tables.values()) for (const { rules } of chains.values()) count += rules.length;
  return count;
}

const ruleAt = (ruleset: Ruleset, { table, chain, number = 0 }: RulePointer): Rule | undefined =>
  ruleset.tables.get(table as TableName)?.chains.get(chain)?.rules[number - 1];

function without(ruleset: Ruleset, { table, chain, number = 0 }: RulePointer): Ruleset {
  const draft = draftOf(ruleset);
  const own = draft.tables.get(table as TableName)?.get(chain);
  own?.reset(own.rules.filter((_, index) => index !== number - 1));
  return finished(draft);
}

/** Rules that no packet reaches and matches, and that counted none; none where the analysis gives up. */
export function unreached(ruleset: Ruleset, sets: Sets | undefined): readonly RulePointer[] {
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
