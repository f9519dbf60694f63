import { always, memberText, never, type Predicate } from "../../predicate/index.ts";
import type { Chain, Rule, Ruleset, Table } from "../../ruleset/index.ts";
import type { Condition } from "../witness.ts";

/** The ruleset in which conditions that nobody can decide come out as is supposed; a condition is named by what is said of it. Without conditions it is the same ruleset. */
export function supposeConditions(ruleset: Ruleset, supposed: readonly Condition[]): Ruleset {
  if (supposed.length === 0) return ruleset;
  const answers = new Map(supposed.map(({ about, holds }) => [about, holds ? always : never]));
  return { ...ruleset, tables: mapped(ruleset.tables, table => ofTable(table, answers)) };
}

type Answers = ReadonlyMap<string, Predicate>;

const mapped = <Key, Value>(from: ReadonlyMap<Key, Value>, change: (value: Value) => Value): ReadonlyMap<Key, Value> =>
  new Map([...from].map(([key, value]) => [key, change(value)]));

const ofTable = (table: Table, answers: Answers): Table => ({ ...table, chains: mapped(table.chains, chain => ofChain(chain, answers)) });

function ofChain(chain: Chain, answers: Answers): Chain {
  const rules = chain.rules.map(rule => ofRule(rule, answers));
  return rules.every((rule, index) => rule === chain.rules[index]) ? chain : { ...chain, rules };
}

function ofRule(rule: Rule, answers: Answers): Rule {
  let changed = false;
  const conditions = rule.conditions.map(condition => {
    const predicate = answered(condition.predicate, answers);
    const hotdrop = condition.hotdrop && answered(condition.hotdrop, answers);
    if (predicate === condition.predicate && hotdrop === condition.hotdrop) return condition;
    changed = true;
    return { ...condition, predicate, ...(hotdrop && { hotdrop }) };
  });
  return changed ? { ...rule, conditions } : rule;
}

/** The predicate with what is supposed in place of conditions; the very same one where none of them occurs. */
function answered(predicate: Predicate, answers: Answers): Predicate {
  switch (predicate.is) {
    case "opaque":
      return answers.get(predicate.opaque.about) ?? predicate;
    case "member":
      return answers.get(memberText(predicate.test)) ?? predicate;
    case "not": {
      const of = answered(predicate.of, answers);
      return of === predicate.of ? predicate : { is: "not", of };
    }
    case "all":
    case "any": {
      const of = predicate.of.map(part => answered(part, answers));
      return of.every((part, index) => part === predicate.of[index]) ? predicate : { is: predicate.is, of };
    }
    case "in":
    case "bits":
    case "name":
    case "present":
    case "constant":
      return predicate;
  }
}
