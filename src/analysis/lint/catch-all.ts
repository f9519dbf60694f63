import { isVerdict, type Family } from "../../predicate/index.ts";
import { ruleText, type Chain, type Rule } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { Finding, FixEdit } from "../finding.ts";
import type { RulePointer } from "../witness.ts";
import { takesEvery } from "./asked.ts";
import { found } from "./found.ts";
import { rulePointer, type Subject } from "./subject.ts";

/** F26 by the rules' words alone: rules that stand after one without any test that takes every packet away. */
export function afterCatchAll({ family, ruleset }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const { name: table, chains } of ruleset.tables.values()) {
    for (const chain of chains.values()) {
      const at = catchAll(chain);
      if (at >= 0 && at < chain.rules.length - 1) findings.push(behindCatchAll(family, table, chain, at));
    }
  }
  return findings;
}

/** F26: the rules of a chain behind one (from 0) behind which no packet goes on. One finding for all of them. */
export function behindCatchAll(family: Family, table: TableName, chain: Chain, at: number): Finding {
  const { rules } = chain;
  const last = rules[at] as Rule;
  const pointer = (index: number): RulePointer => rulePointer(family, { table, chain, number: index + 1, rule: rules[index] as Rule });
  const count = rules.length - at - 1;
  const which = count === 1 ? `rule ${at + 2} comes` : `rules ${at + 2} to ${rules.length} come`;
  const why = takesEvery(last)
    ? `which lets no packet go on in ${chain.name}`
    : `and the rules up to there let no packet go on in ${chain.name}`;
  return found("F26", pointer(at + 1), `${which} after rule ${at + 1}, ${why}`, {
    severity: rules.slice(at + 1).every(rule => sameEnd(rule, last)) ? "info" : "error",
    related: [pointer(at)],
    fix: takesEvery(last) ? fixOf(table, chain, at) : undefined,
  });
}

/** Index of the first rule that ends the chain for every packet; -1 for none. */
function catchAll({ rules }: Chain): number {
  return rules.findIndex(rule => {
    const action = rule.target?.action;
    return action !== undefined && takesEvery(rule) && (isVerdict(action) || action.do === "return" || action.do === "goto");
  });
}

/** Rules with another end than the catch-all go before it; the others say nothing new. */
function fixOf(table: TableName, chain: Chain, at: number): { readonly about: string; readonly edits: readonly FixEdit[] } {
  const edits: FixEdit[] = [];
  const moved: number[] = [];
  for (const [index, rule] of chain.rules.entries()) {
    if (index <= at) continue;
    edits.push({ do: "delete", table, chain: chain.name, number: index + 1 });
    if (sameEnd(rule, chain.rules[at] as Rule)) continue;
    moved.push(index + 1);
    edits.push({ do: "insert", table, chain: chain.name, number: at + 1, rule: ruleText(rule) });
  }
  const about =
    moved.length === 0
      ? "delete what no packet reaches"
      : `move ${moved.length === 1 ? `rule ${moved[0]}` : `${moved.length} rules`} before rule ${at + 1}`;
  return { about, edits };
}

/** Does a rule say nothing that the catch-all does not say? The end of a chain returns by itself. */
const sameEnd = (rule: Rule, last: Rule): boolean =>
  rule.target === undefined || rule.target.save === last.target?.save || (takesEvery(rule) && rule.target.action.do === "return");
