import { protocolName } from "../packet/index.ts";
import type { Effect, Family, Opaque } from "../predicate/index.ts";
import { HOOKS, type Hook, type PlaceContext, type Placed, type RuleContext, type TableName } from "../xtables/index.ts";
import { graphOf, type ChainGraph, type Chains, type Reach } from "./chain-graph.ts";
import { printInterface } from "./header.ts";
import type { Chain, Rule, RuleHeader, Table } from "./rule.ts";

/** A rule that cannot stand where it stands, or a chain that leads back to itself. */
export interface PlaceFault {
  readonly chain: string;
  /** From 0. */
  readonly index: number;
  readonly rule: Rule;
  readonly message: string;
}

/** For each chain the hooks it can be reached from, for user chains through jumps and gotos. */
export function hooksOf(chains: Chains, reach: Reach = "legacy"): Map<string, ReadonlySet<Hook>> {
  const masks = hookMasks(graphOf(chains, reach));
  return new Map([...chains.keys()].map((name, n): [string, ReadonlySet<Hook>] => [name, hooksIn(masks[n] ?? 0)]));
}

/** The same by the chains' numbers, a bit for each hook in the order of HOOKS. */
function hookMasks({ chains, starts, to }: ChainGraph): Uint8Array {
  const masks = new Uint8Array(chains.length);
  for (const [bit, hook] of HOOKS.entries()) {
    const waiting = [chains.findIndex(({ name }) => name === hook)].filter(n => n >= 0);
    for (let n = waiting.pop(); n !== undefined; n = waiting.pop()) {
      const mask = masks[n] ?? 0;
      if (mask & (1 << bit)) continue;
      masks[n] = mask | (1 << bit);
      for (let edge = starts[n] ?? 0; edge < (starts[n + 1] ?? 0); edge++) waiting.push(to[edge] as number);
    }
  }
  return masks;
}

const hookSets = new Map<number, ReadonlySet<Hook>>();

/** The hooks of a mask; thousands of chains share the few sets that there are. */
function hooksIn(mask: number): ReadonlySet<Hook> {
  let hooks = hookSets.get(mask);
  if (!hooks) hookSets.set(mask, (hooks = new Set(HOOKS.filter((_, bit) => mask & (1 << bit)))));
  return hooks;
}

/** Chains that lead back to themselves. `reachable` ones are refused by the kernel; the others can never be entered. */
export interface Loop {
  /** The chains of the cycle in order; the last leads to the first. */
  readonly cycle: readonly string[];
  readonly reachable: boolean;
  /** The jump that closes the cycle. */
  readonly chain: string;
  readonly index: number;
  readonly rule: Rule;
}

/** Loops that are told of: naming all of them, each with all its chains, would take quadratic memory. */
const MOST_LOOPS = 20;

/** Loops of the chain graph, the first few: those reachable from a hook before the others. Linear in the number of rules. */
export function findLoops(table: Chains, reach: Reach = "legacy"): Loop[] {
  const { chains, starts, to, rule } = graphOf(table, reach);
  const loops: Loop[] = [];
  /** Places on the path, from 1; none yet 0, done -1. */
  const state = new Int32Array(chains.length);
  const next = starts.slice();
  const numbers = [...chains.keys()];
  const hooked = (n: number): boolean => chains[n]?.hook !== undefined;
  const nameOf = (n: number): string => chains[n]?.name ?? "";
  for (const start of [...numbers.filter(hooked), ...numbers.filter(n => !hooked(n))]) {
    if (state[start] !== 0) continue;
    const path = [start];
    state[start] = 1;
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = next[top] as number;
      if (edge === starts[top + 1]) {
        state[top] = -1;
        path.pop();
        continue;
      }
      next[top] = edge + 1;
      const there = to[edge] as number;
      const back = state[there] as number;
      if (back > 0) {
        const cycle = path.slice(back - 1).map(nameOf);
        const index = rule[edge] as number;
        loops.push({ cycle, reachable: hooked(start), chain: nameOf(top), index, rule: chains[top]?.rules[index] as Rule });
        if (loops.length === MOST_LOOPS) return loops;
      } else if (back === 0) {
        path.push(there);
        state[there] = path.length;
      }
    }
  }
  return loops;
}

/** What an extension may know of the rule it stands in. */
export function ruleContext(
  table: TableName,
  family: Family,
  { protocol, inInterface, outInterface }: RuleHeader,
  matches: readonly string[],
  protocolGiven?: string,
  variant: Reach = "legacy",
): RuleContext {
  const number = protocol?.number ?? 0;
  return {
    variant,
    family,
    table,
    protocol: number,
    protocolName: protocolGiven ?? (number === 0 ? "all" : (protocolName(number) ?? String(number))),
    protocolInverted: protocol?.invert ?? false,
    inInterface: inInterface ? printInterface(inInterface) : "",
    outInterface: outInterface ? printInterface(outInterface) : "",
    matches,
  };
}

/** Steps that share a state. */
type SharedSteps = ReadonlyMap<string, Effect | Opaque>;

/** The steps of rules that share a state, by its key; the first of a key counts. */
export function sharedSteps(tables: Iterable<{ readonly chains: ReadonlyMap<string, Pick<Chain, "rules">> }>): SharedSteps {
  const steps = new Map<string, Effect | Opaque>();
  for (const { chains } of tables) for (const { rules } of chains.values()) for (const rule of rules) noteShared(steps, rule);
  return steps;
}

/** Those that other rules may have to agree with: effects of targets, and what may drop a packet that it cannot keep. */
function noteShared(steps: Map<string, Effect | Opaque>, { matches, target }: Rule): void {
  for (const { lowered } of matches) if (lowered.hotdrop?.is === "opaque") note(steps, lowered.hotdrop.opaque);
  if (target?.action.do === "effect") note(steps, target.action);
}

function note(steps: Map<string, Effect | Opaque>, step: Effect | Opaque): void {
  if (step.share !== undefined && !steps.has(step.share)) steps.set(step.share, step);
}

/**
 * Asks every match and target of the table whether it may stand where it stands, as the kernel does when the table is loaded. `elsewhere` has the
 * shared steps of other tables.
 */
export function checkPlaces(
  table: Pick<Table, "name"> & { readonly chains: Chains },
  family: Family,
  reach: Reach = "legacy",
  elsewhere: SharedSteps = new Map(),
): PlaceFault[] {
  const graph = graphOf(table.chains, reach);
  const masks = hookMasks(graph);
  const shared = new Map(elsewhere);
  const faults: PlaceFault[] = [];
  // Chains that are reached from the same hooks are the same place.
  const known = new Map<number, Places>();
  for (const [n, { name, rules }] of graph.chains.entries()) {
    const mask = masks[n] ?? 0;
    let places = known.get(mask);
    if (!places) known.set(mask, (places = new Places(table.name, family, hooksIn(mask), reach, shared)));
    for (let index = 0; index < rules.length; index++) {
      const rule = rules[index] as Rule;
      const message = jumpFault(rule, table.chains) ?? places.faultOf(rule);
      if (message !== undefined) faults.push({ chain: name, index, rule, message });
      noteShared(shared, rule);
    }
  }
  return faults;
}

/** Does the rule share a state with others, so that they may have to agree? */
export function sharesState(rule: Rule): boolean {
  const steps = new Map<string, Effect | Opaque>();
  noteShared(steps, rule);
  return steps.size > 0;
}

/** May every match and target of the rule stand in a chain that is reached from these hooks? No state is known that it could share. */
export function isTakenAt(
  rule: Rule,
  place: { readonly table: TableName; readonly family: Family; readonly hooks: ReadonlySet<Hook>; readonly reach: Reach },
): boolean {
  return new Places(place.table, place.family, place.hooks, place.reach, new Map()).faultOf(rule) === undefined;
}

/** Only user chains can be jumped to. Kernel: a jump must lead to the start of one (x_tables.c, xt_find_jump_offset). */
function jumpFault({ target }: Rule, chains: Chains): string | undefined {
  if (target?.action.do !== "jump" && target?.action.do !== "goto") return undefined;
  const { chain } = target.action;
  return chains.get(chain)?.hook === undefined ? undefined : `a rule cannot lead to the built-in chain ${chain}`;
}

/** The places of chains that the same hooks lead to. Rules whose extensions only look at table, hooks and protocol share a place. */
class Places {
  private readonly shared = new Map<number, PlaceContext>();
  private readonly table: TableName;
  private readonly family: Family;
  private readonly hooks: ReadonlySet<Hook>;
  private readonly reach: Reach;
  private readonly steps: SharedSteps;

  constructor(table: TableName, family: Family, hooks: ReadonlySet<Hook>, reach: Reach, steps: SharedSteps) {
    this.table = table;
    this.family = family;
    this.hooks = hooks;
    this.reach = reach;
    this.steps = steps;
  }

  faultOf(rule: Rule): string | undefined {
    let place: PlaceContext | undefined;
    for (const match of rule.matches) {
      if (!isPicky(match.type)) continue;
      const fault = match.check((place ??= this.of(rule)));
      if (fault !== undefined) return fault;
    }
    return rule.target?.type && isPicky(rule.target.type) ? rule.target.check(place ?? this.of(rule)) : undefined;
  }

  private of(rule: Rule): PlaceContext {
    const { matches, target, header } = rule;
    if (target?.type?.check || matches.some(({ type }) => type.check)) return this.full(rule);
    const key = header.protocol ? header.protocol.number * 2 + Number(header.protocol.invert) : -1;
    let place = this.shared.get(key);
    if (!place) this.shared.set(key, (place = this.full(rule)));
    return place;
  }

  private full({ header, matches }: Rule): PlaceContext {
    return {
      ...ruleContext(
        this.table,
        this.family,
        header,
        matches.map(({ name }) => name),
      ),
      hooks: this.hooks,
      variant: this.reach,
      shared: this.steps,
      // Through nf_tables a target does not see the other matches of its rule (nft_compat.c).
      ...(this.reach === "legacy" && { predicates: matches.map(({ lowered }) => lowered.predicate) }),
    };
  }
}

const isPicky = ({ check, tables, hooks, protocols }: Placed & { readonly check?: unknown }): boolean =>
  Boolean(check ?? tables ?? hooks ?? protocols);
