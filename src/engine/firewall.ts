import {
  conntrackSysctls,
  Defragmenter,
  Tracker,
  type Connection,
  type Expectation,
  type HelperSettings,
  type TimeoutPolicy,
} from "../conntrack/index.ts";
import { Router, type Host } from "../host/index.ts";
import type { Family, Moment } from "../predicate/index.ts";
import type { Chain, Counters, Rule, Ruleset, Table } from "../ruleset/index.ts";
import type { Need, TableName } from "../xtables/index.ts";
import { executeOn } from "./actions.ts";
import { sendOut } from "./output.ts";
import { FirstFragments } from "./first-fragments.ts";
import { arrive, type Received } from "./arrival.ts";
import { compileRuleset, totalOf, type CompiledRuleset, type CompiledTable, type EngineKind, type Shared } from "./compile.ts";
import { depart, type Sent } from "./departure.ts";
import { receive } from "./input.ts";
import { aside, newJourney, type Journey } from "./journey.ts";
import { familyRules, type FamilyRules, type Machine } from "./machine.ts";
import { outcomeOf, type Outcome } from "./outcome.ts";
import { NO_SETS, type SetStore } from "./set-store.ts";
import { SynCookies } from "./syn-cookies.ts";

/** What a firewall is made of. */
export interface FirewallOptions {
  readonly v4?: Ruleset | undefined;
  readonly v6?: Ruleset | undefined;
  readonly host: Host;
  /** The ipsets that rules ask and change. A run has a copy of its own. */
  readonly sets?: { copy(): SetStore } | undefined;
  /** What `-j CT --timeout NAME` may name (nfct). */
  readonly timeoutPolicies?: readonly TimeoutPolicy[] | undefined;
  /** Parameters of the helpers' modules. */
  readonly helperSettings?: Partial<HelperSettings> | undefined;
  /** A uniformly random unsigned 32-bit number. */
  random(): number;
  /** µs: when the rules are loaded. */
  readonly start: number;
  /** "compiled" unless the reference meaning is wanted. */
  readonly engine?: EngineKind;
  /** A firewall of the same rules and sets: theirs are taken as they are there, with all that they remember, which saves making them ready again. */
  readonly like?: Firewall | undefined;
}

/** How a packet is run. */
export interface RunOptions {
  /** Collect events; slower. */
  readonly trace?: boolean | undefined;
  /** False keeps the stack from answering for local sockets, for callers that answer themselves. True unless said. */
  readonly stack?: boolean | undefined;
}

/** Counters of one chain: of its policy (undefined for user chains) and of its rules in order. */
export interface ChainCounters {
  readonly policy: Counters | undefined;
  readonly rules: readonly Counters[];
}

/** A running firewall: a host, its rules, and what it remembers. Time must not run backwards. */
export interface Firewall {
  receive(packet: Received, now: number, options?: RunOptions): Outcome;
  send(packet: Sent, now: number, options?: RunOptions): Outcome;
  /** The ruleset's own counters and what was counted since. */
  counters(family: Family): ReadonlyMap<TableName, ReadonlyMap<string, ChainCounters>>;
  /** The ruleset with its counters as they are now, for save text; undefined where none was loaded. */
  rulesetWithCounters(family: Family): Ruleset | undefined;
  /** Confirmed connections, oldest first. */
  connections(now: number): readonly Connection[];
  /** Connections that helpers foresee, oldest first, as /proc/net/nf_conntrack_expect has them. */
  expectations(now: number): readonly Expectation[];
  /** Is connection tracking on for a family? */
  tracks(family: Family): boolean;
  readonly host: Host;
}

/** How many packets over loopback one packet may set off. */
const LOOPBACK_BUDGET = 256;

/** Builds a firewall. Throws a RangeError for a ruleset that no kernel would load: a jump to a chain that is not there. */
export function createFirewall(options: FirewallOptions): Firewall {
  const { host } = options;
  let now = options.start;
  const random = (): number => options.random() >>> 0;
  const moment = (): Moment => ({ now, random });
  const ready = options.like && READY.get(options.like);
  const sets = ready?.sets ?? options.sets?.copy() ?? NO_SETS;
  const shared: Shared = { states: new Map(), sets };
  const load = (ruleset: Ruleset | undefined): FamilyRules | undefined =>
    ruleset && familyRules(compileRuleset(ruleset, options.engine ?? "compiled", moment(), shared));
  const sysctls = conntrackSysctls(name => host.sysctls.get(name));
  const rules = ready?.rules ?? { 4: load(options.v4), 6: load(options.v6) };
  const needs = (need: Need): boolean => ([4, 6] as const).some(family => rules[family]?.ruleset.needs.has(need));
  const tracker = new Tracker({
    sysctls,
    random,
    labels: needs("labels"),
    timeoutPolicies: options.timeoutPolicies,
    helpers: options.helperSettings,
  });
  if (needs("accounting")) tracker.accounting = true;
  const machine: Machine = {
    host,
    router: new Router(host),
    rules,
    tracker,
    defragmenter: new Defragmenter(),
    firstFragments: new FirstFragments(),
    sets,
    cookies: new SynCookies(),
    proxied: new WeakMap(),
    random,
    execute: executeOn(() => machine),
    sendOut,
  };

  const begin = (at: number, { trace = false, stack = true }: RunOptions): Journey => {
    now = Math.max(now, at);
    return newJourney(moment(), trace, stack);
  };
  const finish = (journey: Journey): Outcome => {
    for (let budget = LOOPBACK_BUDGET; budget > 0; budget--) {
      const looped = journey.backlog.shift();
      if (looped === undefined) break;
      if (looped.answer) aside(journey, () => receive(machine, looped, journey));
      else receive(machine, looped, journey);
    }
    return outcomeOf(journey);
  };

  const firewall: Firewall = {
    host,
    receive(given, at, run = {}) {
      const journey = begin(at, run);
      arrive(machine, given, journey);
      return finish(journey);
    },
    send(given, at, run = {}) {
      const journey = begin(at, run);
      depart(machine, given, journey);
      return finish(journey);
    },
    counters: family => countersOf(machine.rules[family]?.ruleset),
    rulesetWithCounters: family => counted(machine.rules[family]?.ruleset),
    connections: at => machine.tracker.connections(Math.max(now, at)),
    expectations: at => machine.tracker.expectations.list(Math.max(now, at)),
    tracks: family => machine.rules[family]?.tracks ?? false,
  };
  READY.set(firewall, { rules, sets });
  return firewall;
}

/** What firewalls have that others can take over. */
const READY = new WeakMap<Firewall, Pick<Machine, "rules" | "sets">>();

function countersOf(ruleset: CompiledRuleset | undefined): ReadonlyMap<TableName, ReadonlyMap<string, ChainCounters>> {
  const tables = new Map<TableName, ReadonlyMap<string, ChainCounters>>();
  for (const table of ruleset?.tables.values() ?? []) {
    const chains = new Map<string, ChainCounters>();
    for (const chain of table.chains.values()) {
      chains.set(chain.name, {
        policy: chain.policy === undefined ? undefined : totalOf(table, chain.slot, chain.source.counters),
        rules: chain.source.rules.map((rule, at) => totalOf(table, chain.firstSlot + at, rule.counters)),
      });
    }
    tables.set(table.name, chains);
  }
  return tables;
}

function counted(ruleset: CompiledRuleset | undefined): Ruleset | undefined {
  if (ruleset === undefined) return undefined;
  const tables = new Map<TableName, Table>();
  for (const table of ruleset.tables.values()) tables.set(table.name, { name: table.name, chains: countedChains(table) });
  return { family: ruleset.source.family, tables };
}

function countedChains(table: CompiledTable): ReadonlyMap<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const chain of table.chains.values()) {
    const rules = chain.source.rules.map((rule, at): Rule => ({ ...rule, counters: totalOf(table, chain.firstSlot + at, rule.counters) }));
    const counters = chain.policy === undefined ? chain.source.counters : totalOf(table, chain.slot, chain.source.counters);
    chains.set(chain.name, { ...chain.source, counters, rules });
  }
  return chains;
}
