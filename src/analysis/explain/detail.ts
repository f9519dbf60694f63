import { hooksOf } from "../../ruleset/index.ts";
import type { Chain, Ruleset } from "../../ruleset/index.ts";
import type { Hook, TableName } from "../../xtables/index.ts";
import type { DiffReport } from "../diff/index.ts";
import type { Finding } from "../finding.ts";
import { withinBudget } from "../lint/matter.ts";
import { aliveOf, type Alive } from "./alive.ts";
import type { ExplainedChain } from "./explained.ts";
import { BEHIND, placeKey, type Around, type Lives } from "./life.ts";
import { servedBy } from "./served.ts";
import { shownPacket, type Shown } from "./shown.ts";

/** What the rules around a rule leave of it. */
export interface RuleRemains {
  /** That it never acts, or that nothing would change without it. */
  readonly findings: readonly Finding[];
  /** Undefined where no packet enters the chain or none fits the rule, and where the rules are too many. */
  readonly alive: Alive | undefined;
  /** A packet that matches it, shown by the engine. */
  readonly shown: Shown | undefined;
}

/** The same, and what the rule is good for. */
export interface RuleDetail extends RuleRemains {
  /** Sessions and packets that would end otherwise without it. */
  readonly served: DiffReport;
}

/** What is left of rule `number` (from 1) of a chain. */
export function ruleRemains(
  ruleset: Ruleset,
  lives: Lives,
  { table, chain, chains }: ExplainedChain,
  number: number,
  around: Around,
): RuleRemains {
  const { matter } = lives;
  const alive = withinBudget(() => aliveOf(matter, table, chain, number));
  const hooks: Iterable<Hook> = chain.hook === undefined ? (hooksOf(chains).get(chain.name) ?? []) : [chain.hook];
  const place = { family: ruleset.family, table, chain: chain.name, number };
  const shown =
    alive === undefined || alive.dead
      ? undefined
      : withinBudget(() => shownPacket(matter, alive.effective, place, hooks, { ruleset, ...around }));
  return { findings: findingsOf(lives, table, chain, number), alive, shown };
}

/** Everything about a rule that other rules decide. */
export function ruleDetail(ruleset: Ruleset, lives: Lives, explained: ExplainedChain, number: number, around: Around): RuleDetail {
  const served = servedBy(ruleset, explained.table, explained.chain.name, number, around);
  return { ...ruleRemains(ruleset, lives, explained, number, around), served };
}

/** What is found of a rule. Of rules behind one that lets nothing go on, only the first has a finding, which is about them all. */
function findingsOf({ findings }: Lives, table: TableName, { name }: Chain, number: number): readonly Finding[] {
  const own = findings.get(placeKey(table, name, number));
  if (own) return own;
  for (let before = number - 1; before > 0; before--) {
    const behind = findings.get(placeKey(table, name, before))?.filter(({ code }) => code === BEHIND);
    if (behind && behind.length > 0) return behind;
  }
  return [];
}
