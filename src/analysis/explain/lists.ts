import type { Described } from "../../predicate/index.ts";
import type { Chain, Rule, Ruleset } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import { callersOf, type Caller } from "./callers.ts";
import { clausesOf } from "./clauses.ts";

type Recent = Extract<Described, { kind: "recent" }>;

/** A rule and where it stands. */
export interface RuleAt {
  readonly table: TableName;
  readonly chain: string;
  readonly number: number;
  readonly rule: Rule;
}

/** A rule that asks or changes a list of addresses. */
export interface ListUse extends RuleAt {
  readonly asks: Recent;
}

/** A list of addresses that rules fill and ask. */
export interface AddressList {
  readonly name: string;
  readonly uses: readonly ListUse[];
}

/** What a client must do before a rule decides on its packet. */
export interface Knock {
  /** The rule at the end: `accepts TCP to port 22`. */
  readonly opens: RuleAt;
  /** Rules whose packets must come first, in this order; each puts the address on a list that the next one asks. */
  readonly steps: readonly ListUse[];
  /** Lists from which any other packet on the way takes the address off again. */
  readonly strict: readonly string[];
}

/** The lists that a ruleset's rules use, in the order in which they are first named. */
export function addressLists(ruleset: Ruleset): readonly AddressList[] {
  const lists = new Map<string, ListUse[]>();
  for (const { name: table, chains } of ruleset.tables.values()) {
    for (const { name: chain, rules } of chains.values()) {
      for (const [index, rule] of rules.entries()) {
        for (const asks of recentsOf(rule)) {
          const uses = lists.get(asks.list) ?? [];
          if (uses.length === 0) lists.set(asks.list, uses);
          uses.push({ table, chain, number: index + 1, rule, asks });
        }
      }
    }
  }
  return [...lists].map(([name, uses]) => ({ name, uses }));
}

/** What a rule asks of lists, in its order; a negated clause turns the question. */
export function recentsOf({ conditions }: Rule): readonly Recent[] {
  return clausesOf(conditions.map(({ predicate }) => predicate)).flatMap(({ of, negated }) => {
    const described = of.is === "opaque" ? of.opaque.described : undefined;
    return described?.kind === "recent" ? [negated ? { ...described, inverted: !described.inverted } : described] : [];
  });
}

/** More steps than anybody knocks, and more sequences than anybody reads. */
const MOST_STEPS = 32;
const MOST_SEQUENCES = 100;

/** The sequences of packets that open something: rules that accept, where some list must have the address, and each list is filled by one rule. */
export function knocks(ruleset: Ruleset, lists: readonly AddressList[] = addressLists(ruleset)): readonly Knock[] {
  const found: Knock[] = [];
  for (const { name: table, chains } of ruleset.tables.values()) {
    const callers = callersOf({ name: table, chains });
    for (const chain of chains.values()) {
      for (const [index, rule] of chain.rules.entries()) {
        if (rule.target?.action.do !== "accept") continue;
        const opens: RuleAt = { table, chain: chain.name, number: index + 1, rule };
        const steps = stepsTo(opens, chains, callers, lists, []);
        if (steps === undefined || steps.length === 0) continue;
        if (found.length >= MOST_SEQUENCES) return found;
        found.push({ opens, steps, strict: strictLists(steps, chains) });
      }
    }
  }
  return found;
}

/** Rules whose packets must come before one meets the rule, or undefined where that is not one sequence. */
function stepsTo(
  { chain, rule }: RuleAt,
  chains: ReadonlyMap<string, Chain>,
  callers: ReadonlyMap<string, readonly Caller[]>,
  lists: readonly AddressList[],
  after: readonly ListUse[],
): readonly ListUse[] | undefined {
  if (after.length >= MOST_STEPS) return undefined;
  const needed = neededLists(chain, rule, chains, callers);
  if (needed === undefined || needed.length > 1) return undefined;
  const [name] = needed;
  if (name === undefined) return after;
  const fills = lists.find(list => list.name === name)?.uses.filter(({ asks }) => asks.mode === "set" && !asks.inverted) ?? [];
  const [fill] = fills;
  if (fills.length !== 1 || fill === undefined || after.includes(fill)) return undefined;
  return stepsTo(fill, chains, callers, lists, [fill, ...after]);
}

/** The lists that must have the address when a packet meets the rule; undefined where several ways lead to it that need different ones. */
function neededLists(
  chain: string,
  rule: Rule,
  chains: ReadonlyMap<string, Chain>,
  callers: ReadonlyMap<string, readonly Caller[]>,
): readonly string[] | undefined {
  const needed = new Set(wantsOn(rule));
  const seen = new Set<string>();
  for (let name = chain; !seen.has(name);) {
    seen.add(name);
    const current = chains.get(name);
    if (current?.hook !== undefined) return [...needed];
    const ways = callers.get(name) ?? [];
    const [way] = ways;
    if (way === undefined) return undefined;
    // Where several rules lead here, any of them will do: only what all need is needed.
    if (ways.length > 1) return ways.every(({ rule: each }) => wantsOn(each).length > 0) ? undefined : [...needed];
    for (const list of wantsOn(way.rule)) needed.add(list);
    name = way.chain;
  }
  return [...needed];
}

const wantsOn = (rule: Rule): readonly string[] =>
  recentsOf(rule).flatMap(({ mode, inverted, list }) => (mode !== "set" && !inverted ? [list] : []));

/** Lists of the steps that a rule empties for every packet that comes to it. */
function strictLists(steps: readonly ListUse[], chains: ReadonlyMap<string, Chain>): readonly string[] {
  const names = steps.map(({ asks }) => asks.list);
  return names.filter(name =>
    [...chains.values()].some(({ rules }) =>
      rules.some(rule => {
        const recents = recentsOf(rule);
        const clauses = clausesOf(rule.conditions.map(({ predicate }) => predicate));
        return clauses.length === 1 && recents.some(({ mode, list }) => mode === "remove" && list === name);
      }),
    ),
  );
}
