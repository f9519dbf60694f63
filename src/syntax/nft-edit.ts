import { applyEdit, refuse, REFUSALS, type Draft, type DraftTable, type Edit } from "../ruleset/index.ts";
import { BUILTIN_CHAINS, UsageError, type Hook, type TableName } from "../xtables/index.ts";
import { bareTable, makeBuiltin } from "./base-chains.ts";

/**
 * One change as iptables-nft makes it: it brings built-in chains about when it needs them, and refuses in other words and another order than
 * legacy. iptables: nft.c, nft_cmd and nft_prepare. Throws UsageError; the draft may then have gained empty built-in chains.
 */
export function applyNftEdit(draft: Draft, name: TableName, edit: Edit, verbose = false): void {
  const builtin = (chain: string): boolean => (BUILTIN_CHAINS[name] as readonly string[]).includes(chain);
  switch (edit.edit) {
    case "append":
    case "insert":
      if (!builtin(edit.chain) && !draft.tables.get(name)?.has(edit.chain)) throw refuse("noChain");
      makeBuiltin(bareTable(draft, name), name, edit.chain);
      return applyEdit(draft, name, edit);
    case "replace":
    case "delete":
      if (!draft.tables.get(name)?.has(edit.chain)) throw refuse("noChain");
      return applyEdit(draft, name, edit);
    case "deleteLike":
    case "checkLike":
      if (!draft.tables.get(name)?.has(edit.chain)) throw refuse("badRule");
      return applyEdit(draft, name, edit);
    case "new":
      if (builtin(edit.chain)) throw refuse("chainExists");
      bareTable(draft, name);
      return applyEdit(draft, name, edit);
    case "rename": {
      const table = draft.tables.get(name);
      if (builtin(edit.to) || table?.has(edit.to)) throw fileExists();
      // Renaming a chain that a hook uses would make a ruleset that iptables itself cannot save.
      if (builtin(edit.chain) || !table?.has(edit.chain) || edit.to.length > MOST_RENAMED) throw refuse("noChain");
      return applyEdit(draft, name, edit);
    }
    case "policy":
      if (edit.policy !== "ACCEPT" && edit.policy !== "DROP") throw refuse("badPolicy");
      if (!builtin(edit.chain)) throw refuse("notBuiltin");
      makeBuiltin(bareTable(draft, name), name, edit.chain);
      return applyEdit(draft, name, edit);
    case "flush":
      if (edit.chain === undefined) {
        if (verbose) for (const chain of BUILTIN_CHAINS[name]) makeBuiltin(bareTable(draft, name), name, chain);
        if (draft.tables.has(name)) applyEdit(draft, name, edit);
        return;
      }
      if (!builtin(edit.chain) && !draft.tables.get(name)?.has(edit.chain)) throw refuse("noChain");
      makeBuiltin(bareTable(draft, name), name, edit.chain);
      return applyEdit(draft, name, edit);
    case "deleteChain": {
      const table = draft.tables.get(name);
      if (edit.chain !== undefined) return deleteOne(table, edit.chain);
      return table && deleteAll(table);
    }
    case "zero": {
      const table = draft.tables.get(name);
      if (edit.chain === undefined) {
        if (table) applyEdit(draft, name, edit);
        return;
      }
      const chain = table?.get(edit.chain);
      if (!chain) throw refuse(edit.number === undefined ? "noChain" : "badRule");
      if (edit.number !== undefined && edit.number > chain.length) return;
      return applyEdit(draft, name, edit);
    }
  }
}

/** The refusal of a new name that is taken. */
export const fileExists = (): UsageError => new UsageError("File exists.", { status: 1 });

/** Bytes of a chain's name in nf_tables are plenty; iptables looks it up by its own limit. */
const MOST_RENAMED = 255;

const busy = (chain: string): UsageError => new UsageError(` CHAIN_DEL failed (Device or resource busy): chain ${chain}`, { status: 4 });

function deleteOne(table: DraftTable | undefined, name: string): void {
  const chain = table?.get(name);
  if (!table || !chain) throw refuse("noChain");
  if (chain.hook !== undefined && chain.policy !== "ACCEPT") throw new UsageError(REFUSALS.notEmpty, { status: 1 });
  if (chain.length || table.referencesTo(name) > 0) throw busy(name);
  table.delete(name);
}

/** -X alone also takes built-in chains that are empty and accept. */
function deleteAll(table: DraftTable): void {
  const chains = [...table.values()].filter(({ hook, policy, length }) => hook === undefined || (policy === "ACCEPT" && length === 0));
  const user = chains.filter(({ hook }) => hook === undefined).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const chain of user) if (chain.length || table.referencesTo(chain.name) > 0) throw busy(chain.name);
  for (const { name } of chains) table.delete(name);
}

/** Is the name one of the table's own hooks? */
export const isHook = (table: TableName, chain: string): chain is Hook => (BUILTIN_CHAINS[table] as readonly string[]).includes(chain);
