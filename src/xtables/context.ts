import type { Family } from "../predicate/index.ts";

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
}

/** A rule's place, known when the whole table is: for a user chain, every hook it can be reached from. Kernel: mark_source_chains. */
export interface PlaceContext extends RuleContext {
  readonly hooks: ReadonlySet<Hook>;
}
