import { leads } from "../predicate/index.ts";
import { hooksOf, isTakenAt, sharesState, type Draft, type Rule, type Ruleset, type Table } from "../ruleset/index.ts";
import type { Hook, TableName } from "../xtables/index.ts";
import { isHook } from "./nft-edit.ts";
import { comparesNothing, lacksModule, seenByKernel } from "./nft-variant.ts";
import type { Settings } from "./options.ts";
import type { Scan } from "./spoken.ts";

/**
 * What is known of a table that the kernel took: whence its chains are reached and where they lead. A thousand commands in a row each change a
 * little of a table, and only what they put in needs to be looked at.
 */
interface Known {
  readonly variant: Settings["variant"];
  readonly hooks: ReadonlyMap<string, ReadonlySet<Hook>>;
  /** Grows with the rules that lead from one chain to another. */
  readonly leads: Map<string, Set<string>>;
}

/** Tables are values: what is known of one goes over to the table that a command makes of it, and is its alone. */
const taken = new WeakMap<Table, Known>();

/** Commands that put in or begin something, and those that change nothing which a rule could mind. */
const ADDING = "AINP";
const KEEPING = "CLSZ";

/**
 * Does the kernel surely take the table as a command has left it, since it took it before? False where that can only be said when all of its rules
 * are looked at.
 */
export function isSurelyTaken(before: Ruleset, draft: Draft, { command }: Scan, name: TableName, settings: Settings): boolean {
  const table = before.tables.get(name);
  const known = table && taken.get(table);
  if (!table || !command || known?.variant !== settings.variant || !ADDING.includes(command.letter)) return false;
  const { chain = "" } = command;
  const list = draft.tables.get(name)?.get(chain)?.editable;
  return put(table, list, command).every(rule => isHarmless(rule, chain, known, name, settings));
}

/** Remembers what is known of the tables that a command made, which the kernel took. */
export function rememberTaken(
  before: Ruleset,
  after: Ruleset,
  { command }: Scan,
  name: TableName,
  { variant }: Settings,
  sure: boolean,
): void {
  const letter = command?.letter ?? "";
  // What is taken away may be missed by rules of any table.
  if (!ADDING.includes(letter) && !KEEPING.includes(letter)) return;
  for (const [each, table] of after.tables) {
    const old = before.tables.get(each);
    const known = old && taken.get(old);
    if (old) taken.delete(old);
    if (each === name && !sure && ADDING.includes(letter)) taken.set(table, knownOf(table, variant));
    else if (known) taken.set(table, known);
    if (each !== name || !sure || !old || !known || !command) continue;
    const { chain = "" } = command;
    noteLeads(known.leads, chain, put(old, table.chains.get(chain)?.rules, command));
  }
}

function knownOf({ chains }: Table, variant: Settings["variant"]): Known {
  const leads = new Map<string, Set<string>>();
  for (const { name, rules } of chains.values()) noteLeads(leads, name, rules);
  return { variant, hooks: hooksOf(chains, variant), leads };
}

function noteLeads(leads: Map<string, Set<string>>, chain: string, rules: readonly Rule[]): void {
  for (const rule of rules) {
    const to = leadsTo(rule);
    if (to === undefined) continue;
    const known = leads.get(chain);
    if (known) known.add(to);
    else leads.set(chain, new Set([to]));
  }
}

const leadsTo = ({ target }: Rule): string | undefined => (leads(target?.action) ? target.action.chain : undefined);

type Command = NonNullable<Scan["command"]>;

/** The rules of a chain that -A or -I has put in; none for another command. */
function put(
  before: Table,
  rules: { readonly length: number; at(index: number): Rule | undefined } | undefined,
  command: Command,
): readonly Rule[] {
  const { letter, chain = "", number = 1 } = command;
  if (!rules || (letter !== "A" && letter !== "I")) return [];
  const old = before.chains.get(chain)?.rules.length ?? 0;
  const first = letter === "A" ? old : number - 1;
  return Array.from({ length: rules.length - old }, (_, n) => rules.at(first + n)).filter(rule => rule !== undefined);
}

/** May the rule stand in the chain, whatever else is in the table? */
function isHarmless(said: Rule, chain: string, known: Known, table: TableName, { variant, family }: Settings): boolean {
  const nft = variant === "nft";
  if (nft && (comparesNothing(said) || lacksModule(said))) return false;
  const rule = nft ? seenByKernel(said) : said;
  // It may have to agree with another rule; or, for the legacy kernel, hide the rules behind it.
  if (sharesState(rule) || (!nft && rule.conditions.length === 0)) return false;
  const hooks = hooksAt(table, chain, known);
  const to = leadsTo(rule);
  if (to !== undefined && (isHook(table, to) || comesTo(known.leads, to, chain))) return false;
  if (to !== undefined && ![...hooks].every(hook => hooksAt(table, to, known).has(hook))) return false;
  return isTakenAt(rule, { table, family, hooks, reach: variant });
}

const NO_HOOKS: ReadonlySet<Hook> = new Set();

const hooksAt = (table: TableName, chain: string, { hooks }: Known): ReadonlySet<Hook> =>
  isHook(table, chain) ? new Set([chain]) : (hooks.get(chain) ?? NO_HOOKS);

/** Does a way lead from one chain to another, or is it the same? */
function comesTo(leads: Known["leads"], from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const chain of seen) {
    if (chain === to) return true;
    for (const next of leads.get(chain) ?? []) seen.add(next);
  }
  return false;
}
