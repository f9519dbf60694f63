import { applyEdit, draftTable, refuse, REFUSALS, type Draft, type DraftTable, type Edit, type Rule } from "../ruleset/index.ts";
import { UsageError, type TableName } from "../xtables/index.ts";
import { fileExists, isHook } from "./nft-edit.ts";

/** Verdicts of the standard target, whose names no chain can take by -E. libiptc: libiptc.c, LABEL_ACCEPT and its like. */
const LABELS: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "QUEUE", "RETURN"]);

/** Bytes of a chain's new name that libiptc takes, and those that the table then has room for. */
const MOST_IN_LABEL = 31;
const MOST_KEPT = 29;

/**
 * One change as iptables-legacy makes it. libiptc: libiptc.c. With
 * `atOnce` a rule that leads to a built-in chain is refused here already; otherwise that is left to who looks at the whole table. Throws
 * UsageError and leaves the rules of the draft as they were.
 */
export function applyLegacyEdit(draft: Draft, name: TableName, edit: Edit, atOnce = true): void {
  const table = draftTable(draft, name);
  switch (edit.edit) {
    case "deleteLike":
    case "checkLike":
      if (!table.has(edit.chain)) throw refuse("badRule");
      checkLeads(table, name, edit.chain, edit.rules);
      if (edit.rules.some(({ target }) => target && !LABELS.has(target.name))) return orNoChain(() => applyEdit(draft, name, edit));
      break;
    case "rename":
      if (table.has(edit.to) || LABELS.has(edit.to)) throw fileExists();
      if (edit.to.length > MOST_IN_LABEL) throw refuse("invalid");
      return applyEdit(draft, name, { ...edit, to: edit.to.slice(0, MOST_KEPT) });
    case "deleteChain":
      if (edit.chain === undefined) checkAll(table);
      break;
    case "append":
      if (atOnce) checkLeads(table, name, edit.chain, edit.rules);
      break;
    case "insert":
    case "replace": {
      const rules = edit.edit === "insert" ? edit.rules : [edit.rule];
      const length = table.get(edit.chain)?.length ?? 0;
      if (atOnce && edit.number <= (edit.edit === "insert" ? length + 1 : length)) checkLeads(table, name, edit.chain, rules);
      break;
    }
    case "delete":
    case "new":
    case "flush":
    case "policy":
    case "zero":
      break;
  }
  applyEdit(draft, name, edit);
}

/** No rule can lead to a built-in chain. libiptc: iptcc_map_target, which is asked once the chain is found. */
function checkLeads(table: DraftTable, name: TableName, chain: string, rules: readonly Rule[]): void {
  if (!table.has(chain)) return;
  for (const { target } of rules) {
    const action = target?.action;
    if ((action?.do === "jump" || action?.do === "goto") && isHook(name, action.chain)) throw refuse("invalid");
  }
}

/** A rule that is not found is told of in other words when it leads to an extension or a chain: looking for that was the last thing done. */
function orNoChain(act: () => void): void {
  try {
    act();
  } catch (fault) {
    if (fault instanceof UsageError && fault.message === REFUSALS.badRule) throw refuse("noChain");
    throw fault;
  }
}

/** Each chain is tried, and what is told is the last refusal. */
function checkAll(table: DraftTable): void {
  let fault: UsageError | undefined;
  for (const chain of [...table.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (chain.hook !== undefined) continue;
    if (table.referencesTo(chain.name) > 0) fault = refuse("inUse");
    else if (chain.length) fault = refuse("notEmpty");
  }
  if (fault) throw fault;
}
