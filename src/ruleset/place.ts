import { protocolName } from "../packet/index.ts";
import type { Effect, Family, Opaque } from "../predicate/index.ts";
import { HOOKS, type Hook, type PlaceContext, type Placed, type RuleContext, type TableName } from "../xtables/index.ts";
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

type Chains = ReadonlyMap<string, Pick<Chain, "name" | "hook" | "rules">>;

/**
 * Which backend's idea of reachability counts: the legacy kernel does not look behind a rule that takes every packet away
 * (ip_tables.c, mark_source_chains); nf_tables looks at every rule (nf_tables_api.c, nft_chain_validate).
 */
export type Reach = "legacy" | "nft";

/** For each chain the hooks it can be reached from, for user chains through jumps and gotos. */
export function hooksOf(chains: Chains, reach: Reach = "legacy"): Map<string, Set<Hook>> {
  const hooks = new Map<string, Set<Hook>>();
  for (const name of chains.keys()) hooks.set(name, new Set());
  const edges = edgesOf(chains, reach);
  for (const hook of HOOKS) {
    if (!chains.has(hook)) continue;
    const waiting: string[] = [hook];
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const reached = hooks.get(name);
      if (!reached || reached.has(hook)) continue;
      reached.add(hook);
      for (const next of edges.get(name) ?? []) waiting.push(next.to);
    }
  }
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
export function findLoops(chains: Chains, reach: Reach = "legacy"): Loop[] {
  const edges = edgesOf(chains, reach);
  const loops: Loop[] = [];
  const done = new Set<string>();
  const starts = [...chains.values()].toSorted((a, b) => Number(a.hook === undefined) - Number(b.hook === undefined));
  for (const { name: start, hook } of starts) {
    if (done.has(start)) continue;
    const path: { name: string; next: number }[] = [{ name: start, next: 0 }];
    const onPath = new Map([[start, 0]]);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const edge = edges.get(top.name)?.[top.next++];
      if (!edge) {
        done.add(top.name);
        onPath.delete(top.name);
        path.pop();
        continue;
      }
      const back = onPath.get(edge.to);
      if (back !== undefined) {
        loops.push({
          cycle: path.slice(back).map(({ name }) => name),
          reachable: hook !== undefined,
          chain: top.name,
          index: edge.index,
          rule: edge.rule,
        });
        if (loops.length === MOST_LOOPS) return loops;
      } else if (!done.has(edge.to) && chains.has(edge.to)) {
        onPath.set(edge.to, path.length);
        path.push({ name: edge.to, next: 0 });
      }
    }
  }
  return loops;
}

interface Edge {
  readonly to: string;
  readonly index: number;
  readonly rule: Rule;
}

function edgesOf(chains: Chains, reach: Reach): Map<string, readonly Edge[]> {
  const edges = new Map<string, readonly Edge[]>();
  for (const { name, rules } of chains.values()) {
    const found: Edge[] = [];
    const known = new Set<string>();
    for (const [index, rule] of rules.entries()) {
      const action = rule.target?.action;
      if (action?.do === "jump" || action?.do === "goto") {
        // A jump to a built-in chain is refused by itself (checkPlaces).
        if (!known.has(action.chain) && chains.get(action.chain)?.hook === undefined) found.push({ to: action.chain, index, rule });
        known.add(action.chain);
      } else if (reach === "legacy" && takesAll(rule)) break;
    }
    edges.set(name, found);
  }
  return edges;
}

/** A bare `-j ACCEPT`, DROP, RETURN or QUEUE: no packet gets past it. */
function takesAll({ conditions, matches, target }: Rule): boolean {
  if (conditions.length || matches.length || !target) return false;
  const { do: does } = target.action;
  return does === "accept" || does === "drop" || does === "return" || (does === "queue" && target.save === "-j QUEUE");
}

/** What an extension may know of the rule it stands in. */
export function ruleContext(
  table: TableName,
  family: Family,
  { protocol, inInterface, outInterface }: RuleHeader,
  matches: readonly string[],
  protocolGiven?: string,
): RuleContext {
  const number = protocol?.number ?? 0;
  return {
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
  const hooks = hooksOf(table.chains, reach);
  const shared = new Map(elsewhere);
  const faults: PlaceFault[] = [];
  for (const { name, rules } of table.chains.values()) {
    const places = new Places(table.name, family, hooks.get(name) ?? new Set<Hook>(), reach, shared);
    for (const [index, rule] of rules.entries()) {
      const message = jumpFault(rule, table.chains) ?? places.faultOf(rule);
      if (message !== undefined) faults.push({ chain: name, index, rule, message });
      noteShared(shared, rule);
    }
  }
  return faults;
}

/** Only user chains can be jumped to. Kernel: a jump must lead to the start of one (x_tables.c, xt_find_jump_offset). */
function jumpFault({ target }: Rule, chains: Chains): string | undefined {
  if (target?.action.do !== "jump" && target?.action.do !== "goto") return undefined;
  const { chain } = target.action;
  return chains.get(chain)?.hook === undefined ? undefined : `a rule cannot lead to the built-in chain ${chain}`;
}

/** The places of one chain. Rules whose extensions only look at table, hooks and protocol share a place. */
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
