import type { Family } from "../predicate/index.ts";
import { BUILTIN_CHAINS, TABLES, type Hook, type TableName } from "../xtables/index.ts";
import { RuleList } from "./rule-list.ts";
import { ZERO, type Chain, type Counters, type Position, type Rule, type Ruleset, type Table } from "./rule.ts";

/** A chain while it is being written. */
export class DraftChain {
  name: string;
  readonly hook: Hook | undefined;
  policy: "ACCEPT" | "DROP" | undefined;
  counters: Counters = ZERO;
  at: Position;
  private value: readonly Rule[];
  private list: RuleList | undefined;

  constructor(name: string, hook: Hook | undefined, at: Position, rules: readonly Rule[] = []) {
    this.name = name;
    this.hook = hook;
    this.policy = hook && "ACCEPT";
    this.at = at;
    this.value = rules;
  }

  /** How many rules. */
  get length(): number {
    return this.list?.length ?? this.value.length;
  }

  /** The rules, to be read. */
  get rules(): readonly Rule[] {
    return this.list ? this.list.toArray() : this.value;
  }

  /** The rules, to be changed in place. */
  get editable(): RuleList {
    return (this.list ??= new RuleList(this.value));
  }

  /** Puts other rules in place of all. */
  reset(rules: readonly Rule[]): void {
    this.list = undefined;
    this.value = rules;
  }

  /** The chain as a value. */
  finished(): Chain {
    const { name, hook, policy, counters, at } = this;
    this.reset(this.rules);
    return { name, hook, policy, counters, rules: this.value, at };
  }
}

/** A table while it is being written. */
export class DraftTable extends Map<string, DraftChain> {
  private leads: Map<string, number> | undefined;

  /** How many rules jump or go to the chain. Counted once, and then with each edit that is told. */
  referencesTo(chain: string): number {
    this.leads ??= references(this.values());
    return this.leads.get(chain) ?? 0;
  }

  /** Tells of rules that were put in (1) or taken out (-1). */
  count(rules: Iterable<Rule | undefined>, by: 1 | -1): void {
    if (!this.leads) return;
    for (const rule of rules) {
      const chain = rule && chainLedTo(rule);
      if (chain !== undefined) this.leads.set(chain, (this.leads.get(chain) ?? 0) + by);
    }
  }

  /** Counts anew when next asked. */
  forgetCounts(): void {
    this.leads = undefined;
  }
}

/** The chain that a rule jumps or goes to. */
export function chainLedTo({ target }: Rule): string | undefined {
  return target?.action.do === "jump" || target?.action.do === "goto" ? target.action.chain : undefined;
}

/** How many rules jump or go to each chain. */
export function references(chains: Iterable<{ readonly rules: readonly Rule[] }>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rules } of chains) {
    for (const rule of rules) {
      const chain = chainLedTo(rule);
      if (chain !== undefined) counts.set(chain, (counts.get(chain) ?? 0) + 1);
    }
  }
  return counts;
}

/** A ruleset while it is being written. Edits change it in place; `finished` gives the value. */
export interface Draft {
  readonly family: Family;
  readonly tables: Map<TableName, DraftTable>;
}

const NOWHERE: Position = { file: "", line: 0, column: 0 };

/** A draft that starts as a ruleset, or empty. */
export function draftOf(from: Ruleset | Family): Draft {
  if (typeof from === "number") return { family: from, tables: new Map() };
  const tables = new Map<TableName, DraftTable>();
  for (const [name, { chains }] of from.tables)
    tables.set(name, new DraftTable([...chains].map(([chain, value]): [string, DraftChain] => [chain, chainDraft(value)])));
  return { family: from.family, tables };
}

function chainDraft({ name, hook, policy, counters, rules, at }: Chain): DraftChain {
  const draft = new DraftChain(name, hook, at, rules);
  draft.policy = policy;
  draft.counters = counters;
  return draft;
}

/** The table of that name, made with its built-in chains when it is not there. */
export function draftTable(draft: Draft, name: TableName): DraftTable {
  let table = draft.tables.get(name);
  if (!table) draft.tables.set(name, (table = emptyTable(name)));
  return table;
}

/** Built-in chains only, policies ACCEPT. */
export function emptyTable(name: TableName): DraftTable {
  return new DraftTable(BUILTIN_CHAINS[name].map((hook): [string, DraftChain] => [hook, new DraftChain(hook, hook, NOWHERE)]));
}

/** The draft as a value: tables in the order a packet meets them, built-in chains first, user chains by name. The draft may be written on. */
export function finished(draft: Draft): Ruleset {
  const tables = new Map<TableName, Table>();
  for (const name of TABLES) {
    const table = draft.tables.get(name);
    if (!table) continue;
    const own = [...table.values()].filter(({ hook }) => hook === undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const chains = [...BUILTIN_CHAINS[name].flatMap(hook => table.get(hook) ?? []), ...own];
    tables.set(name, { name, chains: new Map(chains.map((chain): [string, Chain] => [chain.name, chain.finished()])) });
  }
  return { family: draft.family, tables };
}

/** A ruleset without rules: no tables at all, or the given ones with built-in chains and ACCEPT policies. */
export function emptyRuleset(family: Family, tables: readonly TableName[] = []): Ruleset {
  const draft = draftOf(family);
  for (const name of tables) draftTable(draft, name);
  return finished(draft);
}
