import { CT_STATE, type Action } from "../../predicate/index.ts";
import { hooksOf, type Rule } from "../../ruleset/index.ts";
import type { Hook } from "../../xtables/index.ts";
import type { Finding } from "../finding.ts";
import { ruleLeaves } from "./asked.ts";
import { found } from "./found.ts";
import { placedRules, rulePointer, sourceLine, type Subject } from "./subject.ts";
import { after, waysInto } from "./ways.ts";

/** Hooks that packets of strangers meet. */
const OUTSIDE: readonly Hook[] = ["PREROUTING", "INPUT", "FORWARD"];

/** F12: rules that write a log entry for each packet of a stranger, however many come. */
export function unlimitedLogs({ family, ruleset }: Subject): Finding[] {
  const findings: Finding[] = [];
  for (const [name, table] of ruleset.tables) {
    const hooks = hooksOf(table.chains);
    const ways = waysInto(table);
    for (const chain of table.chains.values()) {
      const way = ways.get(chain.name);
      if (way === undefined || !OUTSIDE.some(hook => hooks.get(chain.name)?.has(hook))) continue;
      for (const [index, rule] of chain.rules.entries()) {
        if (!isLog(rule.target?.action) || after(way, rule).bounded || !forStrangers(rule)) continue;
        const at = rulePointer(family, { table: name, chain, number: index + 1, rule });
        findings.push(found("F12", at, "it writes a log entry for every packet that matches, and anyone can send as many as they like"));
      }
    }
  }
  return findings;
}

const isLog = (action: Action | undefined): action is Extract<Action, { do: "log" | "nflog" }> =>
  action?.do === "log" || action?.do === "nflog";

/** False for rules that ask for loopback or for packets of sessions that were let in. */
function forStrangers(rule: Rule): boolean {
  for (const { leaf, inverted } of ruleLeaves(rule)) {
    if (inverted) continue;
    if (leaf.is === "name" && leaf.field === "iif" && leaf.text === "lo") return false;
    if (leaf.is === "in" && leaf.field === "ctstate") {
      const asks = (state: number): boolean => leaf.ranges.some(([low, high]) => low <= state && state <= high);
      if (!asks(CT_STATE.NEW) && !asks(CT_STATE.INVALID) && !asks(CT_STATE.UNTRACKED)) return false;
    }
  }
  return true;
}

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
