import type { Family } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import { compareFirewalls, type DiffReport } from "../diff/index.ts";
import type { Firewall } from "../model.ts";
import type { Around } from "./life.ts";

/** Classes of sessions and packets that are told of a rule at most. */
const MOST_CLASSES = 12;
/** Diagram nodes that the comparison may take. */
const MOST_NODES = 12_000_000;

/** What a rule does to sessions and single packets: the difference between the rules without it and the rules with it. */
export function servedBy(ruleset: Ruleset, table: TableName, chain: string, number: number, around: Around): DiffReport {
  const without = firewallOf(withoutRule(ruleset, table, chain, number), around);
  return compareFirewalls(without, firewallOf(ruleset, around), {
    names: ["without it", "with it"],
    limit: MOST_CLASSES,
    budget: MOST_NODES,
  });
}

function firewallOf(ruleset: Ruleset, { host, sets }: Around): Firewall {
  const family: Family = ruleset.family;
  return { ...(family === 4 ? { v4: ruleset } : { v6: ruleset }), host, sets };
}

/** The ruleset in which one rule (from 1) matches as before and does nothing: so every other rule, and every condition, keeps its place. */
function withoutRule(ruleset: Ruleset, table: TableName, chain: string, number: number): Ruleset {
  const tables = new Map(ruleset.tables);
  const found = tables.get(table);
  const own = found?.chains.get(chain);
  if (found === undefined || own === undefined) return ruleset;
  const rules = own.rules.map((rule, index) => (index === number - 1 ? { ...rule, target: undefined } : rule));
  const chains = new Map(found.chains).set(chain, { ...own, rules });
  return { ...ruleset, tables: tables.set(table, { ...found, chains }) };
}
