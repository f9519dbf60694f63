import { clausesOf, plainActions, type Next } from "../../analysis/explain/index.ts";
import { isVerdict, type Action } from "../../predicate/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { actionText, countText, type Standing } from "./action.ts";
import { trafficOf, type Traffic } from "./traffic.ts";
import { both } from "./words.ts";

/** What a rule matches, in words. */
export function ruleTraffic(rule: Rule, { family, table }: Pick<Standing, "family" | "table">): Traffic {
  const clauses = clausesOf(rule.conditions.map(({ predicate }) => predicate));
  return trafficOf(clauses, family, table === "nat" ? "connections" : "packets");
}

/** A rule in one sentence without a full stop: `accepts TCP to port 22 (ssh) from 10.0.0.0/8 that comes in by eth0`. Of a short chain that it leads to is said what that does. */
export function ruleSentence(rule: Rule, standing: Standing, next: Next, chains: ReadonlyMap<string, Chain> = new Map()): string {
  const traffic = ruleTraffic(rule, standing);
  const circumstances = distinct(traffic.circumstances);
  const action = rule.target?.action;
  const [deed] = action === undefined ? circumstances.flatMap(each => each.deed ?? []) : [];
  const doing = action ? actionText(action, traffic.text, standing) : (deed ?? countText)(traffic.text);
  if (traffic.nothing) return `never matches: its conditions contradict each other (it would be one that ${doing})`;
  const said = deed ? circumstances.filter(each => each.deed !== deed) : circumstances;
  const conditions = said.filter(({ slot }) => slot === "if").map(({ text }) => text);
  const rates = said.filter(({ slot }) => slot !== "if").map(({ text }) => text);
  const decides = action !== undefined && (isVerdict(action) || action.do === "jump" || action.do === "goto" || action.do === "return");
  const otherwise = said.flatMap(each => each.otherwise ?? []);
  const rest = decides ? nextText(next) : action && LOGS.has(action.do) ? "nothing is logged" : "nothing is done to it";
  const over = otherwise.length === 0 ? "" : `; ${otherwise[0]} ${rest}`;
  const led = action ? ledTo(action, standing, chains) : "";
  return `${[[doing, conditions.join(" and ")].filter(part => part !== "").join(" "), ...rates].join(", ")}${led}${over}`;
}

/** Each text once: several conditions of one extension may say the same of themselves. */
const distinct = (circumstances: Traffic["circumstances"]): Traffic["circumstances"] =>
  circumstances.filter(({ text }, index) => circumstances.findIndex(other => other.text === text) === index);

/** ` (the chain logs it and drops it)` */
function ledTo(action: Action, standing: Standing, chains: ReadonlyMap<string, Chain>): string {
  const chain = action.do === "jump" || action.do === "goto" ? chains.get(action.chain) : undefined;
  if (chain === undefined) return "";
  if (chain.rules.length === 0) return " (the chain is empty)";
  const actions = plainActions(chain)?.filter(({ do: what }) => what !== "continue" && what !== "return");
  if (actions === undefined || actions.length === 0) return "";
  return ` (the chain ${both(actions.map(each => actionText(each, "it", { ...standing, hook: undefined, policy: undefined })))})`;
}

const LOGS: ReadonlySet<Action["do"]> = new Set(["log", "nflog"]);

/** `the packet goes on to rule 7` */
export function nextText(next: Next, subject = "the packet"): string {
  switch (next.to) {
    case "rule":
      return `${subject} goes on to rule ${next.number}`;
    case "policy":
      return `${subject} meets the policy, ${next.policy}`;
    case "caller":
      return `${subject} goes back to the chain it came from`;
  }
}

/** The comment of a rule's writer; undefined without one. */
export const remarkOf = ({ matches }: Rule): string | undefined =>
  matches.find(({ lowered }) => lowered.remark !== undefined)?.lowered.remark;
