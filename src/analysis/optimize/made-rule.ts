import type { Family } from "../../predicate/index.ts";
import type { Counters, Position, Rule } from "../../ruleset/index.ts";
import { readSave } from "../../syntax/index.ts";
import { BUILTIN_CHAINS, type TableName } from "../../xtables/index.ts";

/** Where a new rule is to stand. */
export interface Place {
  readonly family: Family;
  readonly table: TableName;
  readonly chain: string;
}

/**
 * The rule of a text as it follows `-A CHAIN `; `led` is the chain that it jumps to, if any. Throws on a text that does not load: then the
 * optimizer wrote nonsense.
 */
export function madeRule(text: string, { family, table, chain }: Place, counters: Counters, at: Position, led?: string): Rule {
  const own = [...new Set([chain, led])].filter(name => name !== undefined && !BUILTIN_CHAINS[table].some(hook => hook === name));
  const lines = [`*${table}`, ...own.map(name => `:${name} - [0:0]`), `-A ${chain} ${text}`, "COMMIT", ""];
  const { ruleset, faults } = readSave(lines.join("\n"), at.file, { family, lenient: true, keepNames: true });
  const rule = ruleset?.tables.get(table)?.chains.get(chain)?.rules[0];
  if (!rule) throw new Error(`a rule of the optimizer does not load: ${text}: ${faults[0]?.message ?? ""}`);
  return { ...rule, counters, at };
}
