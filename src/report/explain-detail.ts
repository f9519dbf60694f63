import { clausesOf, fieldOf, type ExplainedChain, type RuleDetail } from "../analysis/explain/index.ts";
import type { Finding } from "../analysis/finding.ts";
import type { Field } from "../predicate/index.ts";
import type { Rule } from "../ruleset/index.ts";
import { both, ruleTraffic, trafficOf } from "./sentence/index.ts";

/** Earlier rules that are told of at most. */
const MOST_TAKERS = 6;

/** What the rules around a rule make of it, a sentence each: what earlier ones take of it, what is left, and a packet that shows it. */
export function detailNotes(
  { family, table, chain }: ExplainedChain,
  rule: Rule,
  { findings, alive, shown }: RuleDetail,
): readonly string[] {
  const notes = findings.map(findingText);
  if (alive === undefined) return notes;
  if (alive.takers.length === 0) notes.push(`No rule before it in ${chain.name} takes any of what it matches.`);
  else {
    const told = alive.takers.length > MOST_TAKERS ? alive.takers.slice(0, MOST_TAKERS - 1) : alive.takers;
    const names = told.map(number => takerText(number, chain.rules[number - 1] as Rule, { family, table }));
    if (told.length < alive.takers.length) names.push(`${alive.takers.length - told.length} more`);
    notes.push(`Rules before it take ${alive.dead ? "all" : "a part"} of what it matches: ${both(names)}.`);
    if (!alive.dead && alive.narrower.length > 0) {
      const said = new Set(alive.narrower.flatMap(({ of, negated }) => (negated ? [] : (fieldOf({ of, negated }) ?? []))));
      const clauses = clausesOf(rule.conditions.map(({ predicate }) => predicate)).filter(clause => !said.has(fieldOf(clause) as Field));
      const left = trafficOf([...clauses, ...alive.narrower], family, table === "nat" ? "connections" : "packets").text;
      notes.push(`${alive.exact ? "What is left for it is" : "What is left for it is no more than"} ${left}.`);
    }
  }
  if (shown !== undefined) {
    const supposed = shown.depends.map(({ about, holds }) => `where this ${holds ? "holds" : "does not hold"}: ${about}`);
    notes.push(`For instance: ${shown.packet}${supposed.length > 0 ? ` (${both(supposed)})` : ""}; the engine has shown that it matches.`);
  } else if (!alive.dead) notes.push("No packet was found that comes so far: what other chains and tables do before may leave none.");
  return notes;
}

const takerText = (number: number, rule: Rule, place: Pick<ExplainedChain, "family" | "table">): string => {
  const { text, circumstances } = ruleTraffic(rule, place);
  const conditions = circumstances.filter(({ slot }) => slot === "if").map(each => ` ${each.text}`);
  return `rule ${number} (${text}${conditions.join(" and")})`;
};

/** A finding's sentence with its code. */
export function findingText({ code, message }: Finding): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)} (${code}).`;
}
