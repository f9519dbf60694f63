import { NO, type Diagram, type Reach } from "../../symbolic/index.ts";
import { CT_STATE, equal, type Field } from "../../predicate/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { Finding } from "../finding.ts";
import { fieldsAsked, takesEvery } from "./asked.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { rulePointer } from "./subject.ts";

/** Longer chains are not looked at pair by pair. */
const MOST_RULES = 250;
const MOST_NAMED = 5;

/** F04 and F05: for each rule, the earlier ones with another verdict that share packets with it, or are exceptions to it. */
export function relatedRules(matter: Matter): Finding[] {
  const findings: Finding[] = [];
  for (const name of matter.subject.ruleset.tables.keys()) {
    const sets = matter.table(name);
    for (const chain of sets?.diagrams.table.chains.values() ?? [])
      if (sets !== undefined && chain.rules.length <= MOST_RULES) findings.push(...inChain(matter, sets, name, chain));
  }
  return findings;
}

interface Judge {
  readonly index: number;
  readonly rule: Rule;
  readonly accepts: boolean;
  readonly matches: Diagram;
}

function inChain(matter: Matter, sets: Reach, table: TableName, chain: Chain): Finding[] {
  const { family } = matter.subject;
  const { diagrams } = matter.space;
  const judges: Judge[] = [];
  const findings: Finding[] = [];
  for (const [index, rule] of chain.rules.entries()) {
    const action = rule.target?.action.do;
    if ((action !== "accept" && action !== "drop" && action !== "reject") || takesEvery(rule) || sets.rule(chain, index).effective === NO)
      continue;
    const judge: Judge = { index, rule, accepts: action === "accept", matches: sets.diagrams.matches(rule) };
    const crossing: Judge[] = [];
    const exceptions: Judge[] = [];
    for (const before of judges) {
      if (before.accepts === judge.accepts) continue;
      const common = diagrams.and(before.matches, judge.matches);
      if (common === NO) continue;
      if (common === before.matches) exceptions.push(before);
      else if (common !== judge.matches) crossing.push(before);
    }
    judges.push(judge);
    const pointer = ({ index: at, rule: own }: Judge) => rulePointer(family, { table, chain, number: at + 1, rule: own });
    const named = (list: readonly Judge[]): string =>
      `${list.length === 1 ? "rule" : "rules"} ${list
        .slice(0, MOST_NAMED)
        .map(({ index: at }) => at + 1)
        .join(", ")}${list.length > MOST_NAMED ? " …" : ""}`;
    if (crossing.length > 0)
      findings.push(
        found(
          "F04",
          pointer(judge),
          `for some packets the order alone decides between it and ${named(crossing)}, which ${ended(crossing)}`,
          {
            related: crossing.slice(0, MOST_NAMED).map(pointer),
          },
        ),
      );
    if (exceptions.length > 0)
      findings.push(
        found(
          "F05",
          pointer(judge),
          `${named(exceptions)} ${exceptions.length === 1 ? "makes an exception" : "make exceptions"} to it, and must stay before it`,
          {
            related: exceptions.slice(0, MOST_NAMED).map(pointer),
          },
        ),
      );
  }
  return findings;
}

const ended = (list: readonly Judge[]): string => `${list.length === 1 ? "decides" : "decide"} otherwise`;

/** F37: rules that refuse addresses, behind the rule that accepts what belongs to open sessions. One finding for each chain. */
export function lateBans(matter: Matter): Finding[] {
  const { family, ruleset } = matter.subject;
  const { diagrams } = matter.space;
  const findings: Finding[] = [];
  for (const name of ruleset.tables.keys()) {
    const sets = matter.table(name);
    if (sets === undefined) continue;
    const open = sets.diagrams.lowering.set(equal("ctstate", CT_STATE.ESTABLISHED));
    for (const chain of sets.diagrams.table.chains.values()) {
      const late = chain.rules.flatMap((rule, index) => {
        const effect = isBan(rule) ? sets.rule(chain, index).effective : NO;
        const misses = effect !== NO && diagrams.and(sets.diagrams.matches(rule), open) !== NO && diagrams.and(effect, open) === NO;
        return misses ? [rulePointer(family, { table: name, chain, number: index + 1, rule })] : [];
      });
      const [first, ...others] = late;
      if (first === undefined) continue;
      const which =
        others.length === 0 ? "the address that it refuses is" : `the addresses that it and ${others.length} more rules refuse are`;
      findings.push(
        found("F37", first, `${which} refused for new sessions only: packets of open sessions are accepted before`, {
          related: others.slice(0, MOST_NAMED),
        }),
      );
    }
  }
  return findings;
}

/** Does a rule refuse somebody, whatever they want? */
function isBan(rule: Rule): boolean {
  const action = rule.target?.action.do;
  if (action !== "drop" && action !== "reject") return false;
  const fields = fieldsAsked(rule);
  return (
    fields.has("saddr") &&
    [...fields].every(field => BAN_FIELDS.has(field)) &&
    rule.conditions.every(({ predicate }) => predicate.is !== "not")
  );
}

const BAN_FIELDS: ReadonlySet<Field> = new Set(["saddr", "iif"]);
