import {
  asksOpaque,
  holds,
  leads,
  type Action,
  type Effect,
  type Facts,
  type Family,
  type Moment,
  type Opaque,
  type SetTest,
  type StateStore,
} from "../predicate/index.ts";
import type { Chain, Condition, Counters, Rule, Ruleset, Table } from "../ruleset/index.ts";
import type { Need, TableName } from "../xtables/index.ts";
import { compilePredicate, type Test } from "./compile-predicate.ts";
import type { Packet } from "./packet.ts";
import { QuickTests } from "./quick-test.ts";
import type { SetStore } from "./set-store.ts";

/** What a rule's test says: no, yes, or drop the packet and look no further (`hotdrop`). */
export const RULE = { NO: 0, YES: 1, HOTDROP: 2 } as const;

/** A rule, ready to run. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly chain: CompiledChain;
  /** From 1. */
  readonly number: number;
  /** Slot of its counters. */
  readonly slot: number;
  /** One of RULE. */
  readonly test: (packet: Packet, moment: Moment) => number;
  readonly action: Action;
  /** Where a jump or goto leads. */
  readonly target: CompiledChain | undefined;
  readonly store: RuleState;
}

/** Rules, ready to run. */
interface ReadyRules {
  readonly rules: readonly CompiledRule[];
  /** Quick tests of the rules, which come before their `test`; undefined in the reference engine. */
  readonly quick: QuickTests | undefined;
}

/** A chain of a table. Its rules are made ready when they are first asked for: a run may meet few of many chains. */
export class CompiledChain {
  readonly name: string;
  readonly source: Chain;
  readonly policy: "ACCEPT" | "DROP" | undefined;
  /** Slot of what falls to the policy. */
  readonly slot: number;
  /** Slot of the first rule's counters; the others follow. */
  readonly firstSlot: number;
  private made: ReadyRules | undefined;
  private readonly make: (chain: CompiledChain) => ReadyRules;

  constructor(source: Chain, slot: number, firstSlot: number, make: (chain: CompiledChain) => ReadyRules) {
    this.name = source.name;
    this.source = source;
    this.policy = source.policy;
    this.slot = slot;
    this.firstSlot = firstSlot;
    this.make = make;
  }

  get ready(): ReadyRules {
    return (this.made ??= this.make(this));
  }
}

/** A table, ready to run, with its live counters. */
export interface CompiledTable {
  readonly family: Family;
  readonly name: TableName;
  readonly chains: ReadonlyMap<string, CompiledChain>;
  /** Since the start, to be added to the ruleset's own: packets and bytes by slot, exact to 2^53. */
  readonly packets: Float64Array;
  readonly bytes: Float64Array;
}

/** A family's tables, ready to run. */
export interface CompiledRuleset {
  readonly source: Ruleset;
  readonly tables: ReadonlyMap<TableName, CompiledTable>;
  /** What the rules make the kernel switch on. */
  readonly needs: ReadonlySet<Need>;
}

/** Which evaluator asks the rules: closures made at load, or the language's reference meaning. */
export type EngineKind = "compiled" | "reference";

/** What the rules of both families have in common: the state of steps that share it by key, and the sets. */
export interface Shared {
  readonly states: Map<string, unknown>;
  readonly sets: SetStore;
}

const NOTHING: Action = { do: "continue" };

/** Makes a ruleset ready to run. Throws a RangeError on a jump to a chain that is not there. */
export function compileRuleset(ruleset: Ruleset, kind: EngineKind, moment: Moment, shared: Shared): CompiledRuleset {
  const tables = new Map<TableName, CompiledTable>();
  const needs = new Set<Need>();
  for (const table of ruleset.tables.values()) {
    tables.set(table.name, compileTable(ruleset.family, table, kind, moment, shared));
    for (const need of needsOf(table)) needs.add(need);
  }
  return { source: ruleset, tables, needs };
}

function* needsOf(table: Table): Generator<Need> {
  for (const chain of table.chains.values()) {
    for (const { matches, target } of chain.rules) {
      if (target !== undefined) yield* target.needs;
      for (const match of matches) yield* match.needs;
    }
  }
}

function compileTable(family: Family, table: Table, kind: EngineKind, moment: Moment, shared: Shared): CompiledTable {
  const chains = new Map<string, CompiledChain>();
  const make = (chain: CompiledChain): ReadyRules => compileChain(chain, chains, kind, moment, shared);
  let slot = 0;
  let slots = table.chains.size;
  for (const chain of table.chains.values()) {
    for (const { target } of chain.rules)
      if (leads(target?.action) && !table.chains.has(target.action.chain))
        throw new RangeError(`no chain ${target.action.chain} in table ${table.name}`);
    chains.set(chain.name, new CompiledChain(chain, slot++, slots, make));
    slots += chain.rules.length;
  }
  // What rules remember starts at load, in their order, as in the kernel (xt_recent.c, recent_mt_check).
  for (const chain of chains.values()) if (chain.source.rules.some(remembers)) void chain.ready;
  return { family, name: table.name, chains, packets: new Float64Array(slots), bytes: new Float64Array(slots) };
}

function compileChain(
  chain: CompiledChain,
  chains: ReadonlyMap<string, CompiledChain>,
  kind: EngineKind,
  moment: Moment,
  shared: Shared,
): ReadyRules {
  const source = chain.source.rules;
  const quick = kind === "compiled" ? new QuickTests(source.length) : undefined;
  const rules = source.map((rule, at): CompiledRule => {
    const action = rule.target?.action ?? NOTHING;
    const store = new RuleState(moment, shared);
    const compiled = compileTest(quick === undefined ? rule.conditions : quick.take(at, rule), store);
    const test = kind === "compiled" ? compiled : referenceTest(rule, store);
    if (action.do === "effect") store.state(action);
    const target = leads(action) ? chains.get(action.chain) : undefined;
    return { rule, chain, number: at + 1, slot: chain.firstSlot + at, test, action, target, store };
  });
  return { rules, quick };
}

/** Has the rule a step with a state? */
const remembers = ({ conditions, target }: Rule): boolean =>
  target?.action.do === "effect" ||
  conditions.some(({ predicate, hotdrop }) => asksOpaque(predicate) || (hotdrop !== undefined && asksOpaque(hotdrop)));

/** State of the steps of one rule, opaque conditions and effects; those with a key share theirs with every other rule. */
export class RuleState implements StateStore {
  private readonly own = new Map<Opaque | Effect, unknown>();
  private readonly moment: Moment;
  private readonly shared: Shared;

  constructor(moment: Moment, shared: Shared) {
    this.moment = moment;
    this.shared = shared;
  }

  state(step: Opaque | Effect): unknown {
    const states: Map<unknown, unknown> = step.share === undefined ? this.own : this.shared.states;
    const key = step.share ?? step;
    let state = states.get(key);
    if (state === undefined) states.set(key, (state = step.start(this.moment)));
    return state;
  }

  member(test: SetTest, facts: Facts, moment: Moment): boolean {
    return this.shared.sets.member(test, facts, moment);
  }
}

function compileTest(conditions: readonly Condition[], store: RuleState): CompiledRule["test"] {
  const steps: { readonly test: Test; readonly hotdrop: Test | undefined }[] = conditions.map(({ predicate, hotdrop }) => ({
    test: compilePredicate(predicate, store),
    hotdrop: hotdrop && compilePredicate(hotdrop, store),
  }));
  const [a, b] = steps;
  if (a === undefined) return () => RULE.YES;
  if (steps.every(step => step.hotdrop === undefined)) {
    if (b === undefined) return (packet, moment) => (a.test(packet, moment) ? RULE.YES : RULE.NO);
    if (steps.length === 2) return (packet, moment) => (a.test(packet, moment) && b.test(packet, moment) ? RULE.YES : RULE.NO);
  }
  return (packet, moment) => {
    for (const { test, hotdrop } of steps) {
      if (hotdrop !== undefined && hotdrop(packet, moment)) return RULE.HOTDROP;
      if (!test(packet, moment)) return RULE.NO;
    }
    return RULE.YES;
  };
}

/** The reference meaning, which the compiled form is tested against. */
function referenceTest(rule: Rule, store: RuleState): CompiledRule["test"] {
  return (packet, moment) => {
    for (const { predicate, hotdrop } of rule.conditions) {
      if (hotdrop !== undefined && holds(hotdrop, packet, moment, store)) return RULE.HOTDROP;
      if (!holds(predicate, packet, moment, store)) return RULE.NO;
    }
    return RULE.YES;
  };
}

/** A ruleset's own counters and what the engine has counted since. */
export function totalOf(table: CompiledTable, slot: number, loaded: Counters): Counters {
  return { packets: loaded.packets + BigInt(table.packets[slot] ?? 0), bytes: loaded.bytes + BigInt(table.bytes[slot] ?? 0) };
}
