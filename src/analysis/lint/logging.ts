import { all, any, CT_STATE, equal, named, not, type Action, type Predicate } from "../../predicate/index.ts";
import { NO } from "../../symbolic/index.ts";
import type { Finding } from "../finding.ts";
import { found } from "./found.ts";
import type { Matter } from "./matter.ts";
import { placedRules, rulePointer, sourceLine, type Subject } from "./subject.ts";
import { after, waysInto } from "./ways.ts";

/** F12: rules that write a log entry for each packet of a stranger, however many come. */
export function unlimitedLogs(matter: Matter): Finding[] {
  const { family, ruleset } = matter.subject;
  const findings: Finding[] = [];
  for (const [name, table] of ruleset.tables) {
    const sets = matter.table(name);
    const ways = waysInto(table);
    if (sets === undefined) continue;
    const strangers = sets.diagrams.lowering.set(FROM_STRANGERS);
    for (const chain of table.chains.values()) {
      for (const [index, rule] of chain.rules.entries()) {
        const way = ways.get(chain.name);
        if (!isLog(rule.target?.action) || way === undefined || after(way, rule).bounded) continue;
        if (matter.space.diagrams.and(sets.rule(chain, index).effective, strangers) === NO) continue;
        const at = rulePointer(family, { table: name, chain, number: index + 1, rule });
        findings.push(found("F12", at, "it writes a log entry for every packet that matches, and anyone can send as many as they like"));
      }
    }
  }
  return findings;
}

/** Packets from elsewhere that belong to nothing that was let in before. */
const FROM_STRANGERS: Predicate = all(
  not(any(named("iif", ""), named("iif", "lo"))),
  not(any(equal("ctstate", CT_STATE.ESTABLISHED), equal("ctstate", CT_STATE.RELATED))),
);

const isLog = (action: Action | undefined): action is Extract<Action, { do: "log" | "nflog" }> =>
  action?.do === "log" || action?.do === "nflog";

/** F13, by the text: a log prefix that is longer in the file than the kernel keeps. */
export function cutPrefixes(subject: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const placed of placedRules(subject.ruleset)) {
    const action = placed.rule.target?.action;
    if (action === undefined || !isLog(action) || action.prefix.length < SHORT) continue;
    const line = sourceLine(subject, placed.rule.at);
    if (line === undefined || !goesOn(line, action.prefix)) continue;
    const at = rulePointer(subject.family, placed);
    findings.push(found("F13", at, `the log prefix is cut to ${action.prefix.length} characters: "${action.prefix}"`));
  }
  return findings;
}

/** No limit on a prefix is smaller than this. */
const SHORT = 20;

/** Is there more of the word in the line than the rule keeps of it? */
function goesOn(line: string, kept: string): boolean {
  const start = line.indexOf(kept);
  if (start < 0) return false;
  const quote = line[start - 1];
  const next = line[start + kept.length];
  if (next === undefined) return false;
  return quote === '"' || quote === "'" ? next !== quote : next !== " " && next !== "\t";
}
