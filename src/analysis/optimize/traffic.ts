import { CT_STATE, isVerdict, type Predicate } from "../../predicate/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { calleesFirst } from "./chain-order.ts";

/** Where the packets of one chain go, in packets or in shares of them. */
export interface ChainTraffic {
  /** Packets that enter the chain. */
  readonly entered: number;
  /** Packets that match, by rule. */
  readonly matched: readonly number[];
  /** Packets that leave the chain for good at the rule: by a verdict, RETURN or goto, or in a chain that it jumps to. */
  readonly absorbed: readonly number[];
  /** Was it counted? Otherwise it is assumed. */
  readonly counted: boolean;
}

/** Of a hundred packets so many are taken to belong to established connections where nothing was counted. */
export const ASSUMED_ESTABLISHED = 90;

/** The traffic of each chain of a table, from the counters of its rules; where a chain has none, an assumption is made. */
export function trafficOf(chains: ReadonlyMap<string, Chain>): ReadonlyMap<string, ChainTraffic> {
  const found = new Map<string, ChainTraffic>();
  const entered = entriesOf(chains);
  /** The share of the packets entering a chain that come out at its end or by RETURN. */
  const back = new Map<string, number>();
  for (const name of calleesFirst(chains)) {
    const chain = chains.get(name);
    if (!chain) continue;
    const traffic = measure(chain, entered.get(name) ?? 0, led => back.get(led) ?? 1);
    const kept = chain.rules.reduce((sum, rule, at) => (rule.target?.action.do === "return" ? sum : sum + (traffic.absorbed[at] ?? 0)), 0);
    back.set(name, traffic.entered > 0 ? Math.max(0, 1 - kept / traffic.entered) : 1);
    found.set(name, traffic);
  }
  return found;
}

/** Packets that jumps and gotos bring to each chain. */
function entriesOf(chains: ReadonlyMap<string, Chain>): Map<string, number> {
  const entries = new Map<string, number>();
  for (const { rules } of chains.values()) {
    for (const { target, counters } of rules) {
      const action = target?.action;
      if (action?.do === "jump" || action?.do === "goto")
        entries.set(action.chain, (entries.get(action.chain) ?? 0) + Number(counters.packets));
    }
  }
  return entries;
}

function measure(chain: Chain, entered: number, shareBack: (chain: string) => number): ChainTraffic {
  const { rules, counters } = chain;
  const counts = rules.map(rule => Number(rule.counters.packets));
  const end = chain.hook === undefined ? 0 : Number(counters.packets);
  if (entered + end === 0 && counts.every(count => count === 0)) return assume(rules, shareBack);
  const absorbed = rules.map((rule, at) => (counts[at] ?? 0) * shareKept(rule, shareBack));
  const sum = absorbed.reduce((total, each) => total + each, 0);
  // A built-in chain's RETURN leads to its policy and is counted there, too.
  const returned = rules.reduce((total, rule, at) => (rule.target?.action.do === "return" ? total + (counts[at] ?? 0) : total), 0);
  // Counters that were set to zero at different times do not add up.
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const whole = Math.max(most, chain.hook === undefined ? Math.max(entered, sum) : sum + Math.max(0, end - returned));
  return { entered: whole, matched: counts, absorbed, counted: true };
}

/** Nothing was counted: packets of established connections come first, and the rest is spread evenly over the rules and the chain's end. */
function assume(rules: readonly Rule[], shareBack: (chain: string) => number): ChainTraffic {
  const first = rules.findIndex(takesEstablished);
  const rest = first < 0 ? 100 : 100 - ASSUMED_ESTABLISHED;
  const share = rest / (rules.length - (first < 0 ? 0 : 1) + 1);
  const matched = rules.map((_, at) => (at === first ? ASSUMED_ESTABLISHED : share));
  return { entered: 100, matched, absorbed: rules.map((rule, at) => (matched[at] ?? 0) * shareKept(rule, shareBack)), counted: false };
}

/** The share of the packets matched that does not come back to the next rule. */
function shareKept({ target }: Rule, shareBack: (chain: string) => number): number {
  const action = target?.action;
  if (action === undefined) return 0;
  if (action.do === "jump") return 1 - shareBack(action.chain);
  return isVerdict(action) || action.do === "return" || action.do === "goto" ? 1 : 0;
}

/** `-m conntrack --ctstate ESTABLISHED -j ACCEPT`, with or without RELATED, and nothing else that it asks. */
export function takesEstablished({ target, conditions }: Rule): boolean {
  return target?.action.do === "accept" && conditions.length === 1 && conditions.every(({ predicate }) => asksEstablished(predicate));
}

function asksEstablished(predicate: Predicate): boolean {
  if (predicate.is === "all") return predicate.of.length === 1 && predicate.of.every(asksEstablished);
  if (predicate.is !== "in" || predicate.field !== "ctstate") return false;
  const holds = (state: number): boolean => predicate.ranges.some(([low, high]) => low <= state && state <= high);
  return holds(CT_STATE.ESTABLISHED) && !holds(CT_STATE.NEW);
}
