import { DraftChain, emptyTable, type Draft, type DraftTable } from "../ruleset/index.ts";
import { BUILTIN_CHAINS, type TableName } from "../xtables/index.ts";

/**
 * Built-in chains that nf_tables does not have (yet): iptables-nft makes each one when a command first needs it, and -X takes empty ones away.
 * Its listings show them all the same; only some refusals tell. Nothing is absent from the tables of legacy.
 */
export type AbsentChains = ReadonlyMap<TableName, ReadonlySet<string>>;

export const NONE_ABSENT: AbsentChains = new Map();

/** Takes absent chains out of a draft's tables. */
export function withoutAbsent(draft: Draft, absent: AbsentChains): void {
  for (const [name, chains] of absent) for (const chain of chains) draft.tables.get(name)?.delete(chain);
}

/** Puts every built-in chain of the tables that exist back where it is absent, and tells which were. */
export function withBuiltins(draft: Draft): AbsentChains {
  const absent = new Map<TableName, Set<string>>();
  for (const [name, table] of draft.tables) {
    const missing = BUILTIN_CHAINS[name].filter(chain => !table.has(chain));
    if (missing.length === 0) continue;
    absent.set(name, new Set(missing));
    const fresh = emptyTable(name);
    for (const chain of missing) table.set(chain, fresh.get(chain) as DraftChain);
  }
  return absent;
}

/** The table, made without any chain when it is not there. */
export function bareTable(draft: Draft, name: TableName): DraftTable {
  let table = draft.tables.get(name);
  if (!table) {
    table = emptyTable(name);
    table.clear();
    draft.tables.set(name, table);
  }
  return table;
}

/** Makes a built-in chain of the table when it is absent; any other name is left alone. */
export function makeBuiltin(table: DraftTable, tableName: TableName, chain: string): void {
  if (table.has(chain)) return;
  const fresh = emptyTable(tableName).get(chain);
  if (fresh) table.set(chain, fresh);
}
