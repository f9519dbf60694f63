import type { Effect, Family, Opaque, Predicate } from "../predicate/index.ts";

/** The tables, in the order a packet meets them. */
export const TABLES = ["raw", "mangle", "nat", "filter", "security"] as const;
export type TableName = (typeof TABLES)[number];

/** The hooks; built-in chains bear their names. */
export const HOOKS = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"] as const;
export type Hook = (typeof HOOKS)[number];

/** Built-in chains of each table, in the order that iptables-save lists them. */
export const BUILTIN_CHAINS: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

/** Which iptables takes the rule: the kernel's own tables, or nf_tables. Legacy where it is not said. */
export type Backend = "legacy" | "nft";

/** The parts of the enclosing rule that an extension may look at. */
export interface RuleContext {
  readonly family: Family;
  readonly table: TableName;
  /** Number of -p, 0 for all. */
  readonly protocol: number;
  /** Name of -p as given, "all" without one. */
  readonly protocolName: string;
  readonly protocolInverted: boolean;
  readonly inInterface: string;
  readonly outInterface: string;
  /** Names of the matches of the rule, in order. */
  readonly matches: readonly string[];
  readonly variant?: Backend;
}

/** A rule's place, known when the whole table is: for a user chain, every hook it can be reached from. Kernel: mark_source_chains. */
export interface PlaceContext extends RuleContext {
  readonly hooks: ReadonlySet<Hook>;
  /** What the matches of the rule ask, in order: TCPMSS wants to see a test for SYN among them. Unknown when missing. */
  readonly predicates?: readonly Predicate[];
  /** Steps of rules before this one, and of other tables, that share a state, by its key. Unknown when missing. */
  readonly shared?: ReadonlyMap<string, Effect | Opaque>;
}
