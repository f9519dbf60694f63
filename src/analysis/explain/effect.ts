import { isVerdict, type Action } from "../../predicate/index.ts";
import type { Chain, Rule, Table } from "../../ruleset/index.ts";
import { clausesOf } from "./clauses.ts";

/** Does every packet match? */
export const isUnconditional = ({ conditions }: Rule): boolean => clausesOf(conditions.map(({ predicate }) => predicate)).length === 0;

/** Rules that a short chain has at most. */
const SHORT = 4;

/**
 * What a short chain does to everything it gets, action by action up to the verdict, when it asks for nothing (a log may be limited); undefined for
 * others. Most such chains log and drop.
 */
export function plainActions({ rules }: Chain): readonly Action[] | undefined {
  if (rules.length === 0 || rules.length > SHORT) return undefined;
  const actions: Action[] = [];
  for (const rule of rules) {
    const action = rule.target?.action ?? { do: "continue" };
    const logs = action.do === "log" || action.do === "nflog";
    if (action.do === "jump" || action.do === "goto" || (!logs && !isUnconditional(rule))) return undefined;
    actions.push(action);
    if (isVerdict(action) || action.do === "return") return actions;
  }
  return actions;
}

/** Names of the chains from which no packet comes back undecided, by what stands in the rules: the sure ones, not all. */
export function decidingChains({ chains }: Table): ReadonlySet<string> {
  const deciding = new Set<string>();
  const callers = new Map<string, Chain[]>();
  const waiting: Chain[] = [];
  for (const chain of chains.values()) {
    waiting.push(chain);
    for (const { target } of chain.rules) {
      const action = target?.action;
      if (action?.do !== "jump" && action?.do !== "goto") continue;
      const list = callers.get(action.chain) ?? [];
      if (list.length === 0) callers.set(action.chain, list);
      if (list.at(-1) !== chain) list.push(chain);
    }
  }
  for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
    if (deciding.has(chain.name) || !decides(chain, deciding)) continue;
    deciding.add(chain.name);
    waiting.push(...(callers.get(chain.name) ?? []));
  }
  return deciding;
}

function decides({ rules }: Chain, deciding: ReadonlySet<string>): boolean {
  for (const rule of rules) {
    const action = rule.target?.action;
    if (action === undefined) continue;
    if (action.do === "return" || (action.do === "goto" && !deciding.has(action.chain))) return false;
    const final = isVerdict(action) || ((action.do === "jump" || action.do === "goto") && deciding.has(action.chain));
    if (final && isUnconditional(rule)) return true;
  }
  return false;
}
