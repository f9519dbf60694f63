import { UsageError, type TableName } from "../xtables/index.ts";
import { chainLedTo, draftOf, draftTable, DraftChain, finished, type Draft, type DraftTable } from "./draft.ts";
import { ruleText } from "./rule-text.ts";
import { ZERO, type Counters, type Position, type Rule, type Ruleset } from "./rule.ts";

/** One change to a table. Rule numbers count from 1. */
export type Edit =
  | { readonly edit: "append"; readonly chain: string; readonly rules: readonly Rule[] }
  | { readonly edit: "insert"; readonly chain: string; readonly number: number; readonly rules: readonly Rule[] }
  | { readonly edit: "replace"; readonly chain: string; readonly number: number; readonly rule: Rule }
  | { readonly edit: "delete"; readonly chain: string; readonly number: number }
  /** The first rule with the same text as each of these; counters do not matter. */
  | { readonly edit: "deleteLike"; readonly chain: string; readonly rules: readonly Rule[] }
  | { readonly edit: "checkLike"; readonly chain: string; readonly rules: readonly Rule[] }
  | { readonly edit: "new"; readonly chain: string; readonly at?: Position }
  /** Without a chain: every user chain. */
  | { readonly edit: "deleteChain"; readonly chain?: string }
  | { readonly edit: "flush"; readonly chain?: string }
  | { readonly edit: "rename"; readonly chain: string; readonly to: string }
  | { readonly edit: "policy"; readonly chain: string; readonly policy: string; readonly counters?: Counters }
  | { readonly edit: "zero"; readonly chain?: string; readonly number?: number };

/** iptables' sentences for what the kernel's table says no to; libiptc: iptc_strerror. Status 1. */
export const REFUSALS = {
  noChain: "No chain/target/match by that name.",
  badRule: "Bad rule (does a matching rule exist in that chain?).",
  chainExists: "Chain already exists.",
  notEmpty: "Directory not empty.",
  inUse: "Too many links.",
  invalid: "Invalid argument. Run `dmesg' for more information.",
  insertTooBig: "Index of insertion too big.",
  replaceTooBig: "Index of replacement too big.",
  deleteTooBig: "Index of deletion too big.",
  zeroTooBig: "Index of counter too big.",
  notBuiltin: "Bad built-in chain name.",
  badPolicy: "Bad policy name. Run `dmesg' for more information.",
} as const;

/** A refusal by the table itself. */
export const refuse = (why: keyof typeof REFUSALS): UsageError => new UsageError(REFUSALS[why], { status: 1 });

/** The ruleset after one change. Throws UsageError with iptables' sentence; the ruleset given stays as it was. */
export function edited(ruleset: Ruleset, table: TableName, edit: Edit): Ruleset {
  const draft = draftOf(ruleset);
  applyEdit(draft, table, edit);
  return finished(draft);
}

/** The same on a draft, in place. After a throw the draft is as it was. */
export function applyEdit(draft: Draft, tableName: TableName, edit: Edit): void {
  const table = draftTable(draft, tableName);
  switch (edit.edit) {
    case "append": {
      const rules = chainOf(table, edit.chain).editable;
      for (const rule of edit.rules) rules.push(rule);
      table.count(edit.rules, 1);
      return;
    }
    case "insert": {
      const chain = numbered(table, edit, 1, "insertTooBig");
      // iptables inserts each rule of an address list at the same place, which turns their order round.
      for (const rule of edit.rules) chain.editable.insert(edit.number - 1, rule);
      table.count(edit.rules, 1);
      return;
    }
    case "replace": {
      const rules = numbered(table, edit, 0, "replaceTooBig").editable;
      table.count([rules.at(edit.number - 1)], -1);
      rules.replace(edit.number - 1, edit.rule);
      table.count([edit.rule], 1);
      return;
    }
    case "delete": {
      const rules = numbered(table, edit, 0, "deleteTooBig").editable;
      table.count([rules.at(edit.number - 1)], -1);
      rules.remove(edit.number - 1);
      return;
    }
    case "deleteLike": {
      const rules = chainOf(table, edit.chain).editable;
      const gone: { index: number; rule: Rule }[] = [];
      for (const wanted of edit.rules) {
        const index = rules.indexOfText(ruleText(wanted));
        const rule = rules.at(index);
        if (!rule) {
          for (const { index: back, rule: taken } of gone.toReversed()) rules.insert(back, taken);
          throw refuse("badRule");
        }
        gone.push({ index, rule });
        rules.remove(index);
      }
      table.count(edit.rules, -1);
      return;
    }
    case "checkLike": {
      const rules = chainOf(table, edit.chain).editable;
      for (const rule of edit.rules) if (rules.indexOfText(ruleText(rule)) < 0) throw refuse("badRule");
      return;
    }
    case "new": {
      if (table.has(edit.chain)) throw refuse("chainExists");
      table.set(edit.chain, new DraftChain(edit.chain, undefined, edit.at ?? { file: "", line: 0, column: 0 }));
      return;
    }
    case "deleteChain":
      deleteChains(table, edit.chain);
      return;
    case "flush":
      for (const chain of some(table, edit.chain)) {
        table.count(chain.rules, -1);
        chain.reset([]);
      }
      return;
    case "rename":
      rename(table, edit.chain, edit.to);
      return;
    case "policy": {
      const chain = table.get(edit.chain);
      if (chain?.hook === undefined) throw refuse("notBuiltin");
      if (edit.policy !== "ACCEPT" && edit.policy !== "DROP") throw refuse("badPolicy");
      chain.policy = edit.policy;
      if (edit.counters) chain.counters = edit.counters;
      return;
    }
    case "zero":
      zero(table, edit.chain, edit.number);
      return;
  }
}

function chainOf(table: ReadonlyMap<string, DraftChain>, name: string): DraftChain {
  const chain = table.get(name);
  if (!chain) throw refuse("noChain");
  return chain;
}

const some = (table: ReadonlyMap<string, DraftChain>, name: string | undefined): Iterable<DraftChain> =>
  name === undefined ? table.values() : [chainOf(table, name)];

/** The chain, when the rule number fits: up to its length and `beyond` more. */
function numbered(
  table: ReadonlyMap<string, DraftChain>,
  { chain: name, number }: { readonly chain: string; readonly number: number },
  beyond: number,
  why: keyof typeof REFUSALS,
): DraftChain {
  const chain = chainOf(table, name);
  if (number < 1 || number > chain.length + beyond) throw refuse(why);
  return chain;
}

function deleteChains(table: DraftTable, name: string | undefined): void {
  const chains = name === undefined ? [...table.values()].filter(({ hook }) => hook === undefined) : [chainOf(table, name)];
  for (const chain of chains) {
    if (chain.hook !== undefined) throw refuse("invalid");
    if (table.referencesTo(chain.name) > 0) throw refuse("inUse");
    if (chain.length) throw refuse("notEmpty");
  }
  for (const chain of chains) table.delete(chain.name);
}

function rename(table: DraftTable, name: string, to: string): void {
  const chain = chainOf(table, name);
  if (chain.hook !== undefined) throw refuse("noChain");
  if (table.has(to)) throw refuse("chainExists");
  table.delete(name);
  table.set(to, chain);
  chain.name = to;
  if (table.referencesTo(name) === 0) return;
  for (const other of table.values()) {
    if (other.rules.some(rule => chainLedTo(rule) === name))
      other.editable.map(rule => (rule.target && chainLedTo(rule) === name ? { ...rule, target: retarget(rule.target, to) } : rule));
  }
  table.forgetCounts();
}

function retarget(target: NonNullable<Rule["target"]>, chain: string): NonNullable<Rule["target"]> {
  const goto = target.action.do === "goto";
  return { ...target, name: chain, action: { do: goto ? "goto" : "jump", chain }, save: `${goto ? "-g" : "-j"} ${chain}` };
}

function zero(table: ReadonlyMap<string, DraftChain>, name: string | undefined, number: number | undefined): void {
  for (const chain of some(table, name)) {
    if (number !== undefined) {
      const rule = chain.editable.at(number - 1);
      if (!rule) throw refuse("zeroTooBig");
      chain.editable.replace(number - 1, { ...rule, counters: ZERO });
      continue;
    }
    chain.counters = ZERO;
    chain.reset(chain.rules.map(rule => ({ ...rule, counters: ZERO })));
  }
}

/** A ruleset with every rule and policy counter at zero. */
export function zeroed(ruleset: Ruleset): Ruleset {
  const draft = draftOf(ruleset);
  for (const table of draft.tables.values()) zero(table, undefined, undefined);
  return finished(draft);
}
