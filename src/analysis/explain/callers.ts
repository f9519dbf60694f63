import type { Chain, Rule, Table } from "../../ruleset/index.ts";

/** A rule that leads to a chain. */
export interface Caller {
  readonly chain: string;
  readonly number: number;
  readonly rule: Rule;
  readonly goto: boolean;
}

/** The rules that lead to each chain of a table, in the order in which they stand. */
export function callersOf({ chains }: Table): ReadonlyMap<string, readonly Caller[]> {
  const callers = new Map<string, Caller[]>();
  for (const { name, rules } of chains.values()) {
    for (const [index, rule] of rules.entries()) {
      const action = rule.target?.action;
      if (action?.do !== "jump" && action?.do !== "goto") continue;
      const list = callers.get(action.chain) ?? [];
      if (list.length === 0) callers.set(action.chain, list);
      list.push({ chain: name, number: index + 1, rule, goto: action.do === "goto" });
    }
  }
  return callers;
}

/** The chains that a packet can meet: built-in ones, and those that rules of these lead to. */
export function reachableChains(table: Table): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = [...table.chains.values()].filter(({ hook }) => hook !== undefined);
  for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
    if (reached.has(chain.name)) continue;
    reached.add(chain.name);
    for (const next of led(chain, table)) if (!reached.has(next.name)) waiting.push(next);
  }
  return reached;
}

/** The chains of a table as a reader meets them: each built-in one, then those that it leads to, each once; chains that nothing leads to come last. */
export function inReadingOrder(table: Table): readonly Chain[] {
  const told = new Set<Chain>();
  const all = [...table.chains.values()];
  for (const start of [...all.filter(({ hook }) => hook !== undefined), ...all]) {
    const waiting = [start];
    for (let chain = waiting.pop(); chain !== undefined; chain = waiting.pop()) {
      if (told.has(chain)) continue;
      told.add(chain);
      waiting.push(...led(chain, table).toReversed());
    }
  }
  return [...told];
}

function led({ rules }: Chain, { chains }: Table): Chain[] {
  return rules.flatMap(({ target }) => {
    const action = target?.action;
    return (action?.do === "jump" || action?.do === "goto" ? chains.get(action.chain) : undefined) ?? [];
  });
}
