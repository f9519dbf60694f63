import type { Chain, Ruleset } from "../../ruleset/index.ts";
import { BUILTIN_CHAINS, TABLES, type Hook, type TableName } from "../../xtables/index.ts";
import type { FixEdit } from "../finding.ts";

/** What becomes of one line. */
interface Change {
  readonly before: string[];
  readonly after: string[];
  /** Undefined: it stays; null: it goes. */
  text: string | null | undefined;
}

/**
 * Save text with edits carried out on the lines that the ruleset's rules came from; all else stays, comments too. Undefined where a line stands
 * for several rules, or where no line is known.
 */
export function editedLines(text: string, { tables }: Ruleset, edits: readonly FixEdit[]): string | undefined {
  const lines = text.split("\n");
  const changes = new Map<number, Change>();
  const changeAt = (line: number): Change => {
    let change = changes.get(line);
    if (!change) changes.set(line, (change = { before: [], after: [], text: undefined }));
    return change;
  };
  const shared = sharedLines(tables);
  const missing = new Map<TableName, FixEdit[]>();
  for (const edit of edits) {
    const name = TABLES.find(table => table === edit.table);
    if (name === undefined) return undefined;
    const chain = tables.get(name)?.chains.get(edit.chain);
    const opened = openingLine(lines, name);
    if (chain === undefined || opened === undefined) {
      if (edit.do !== "insert" && edit.do !== "policy") return undefined;
      if (opened !== undefined || !(BUILTIN_CHAINS[name] as readonly string[]).includes(edit.chain)) return undefined;
      missing.set(name, [...(missing.get(name) ?? []), edit]);
      continue;
    }
    if (!editOne(edit, chain, lines, opened, changeAt, shared)) return undefined;
  }
  const out: string[] = [];
  for (const [index, line] of lines.entries()) {
    const change = changes.get(index + 1);
    out.push(...(change?.before ?? []));
    if (change?.text !== null) out.push(change?.text ?? line);
    out.push(...(change?.after ?? []));
  }
  return withNewTables(out, missing).join("\n");
}

function editOne(
  edit: FixEdit,
  chain: Chain,
  lines: readonly string[],
  opened: number,
  changeAt: (line: number) => Change,
  shared: ReadonlySet<number>,
): boolean {
  if (edit.do === "policy") {
    const counters = `[${chain.counters.packets}:${chain.counters.bytes}]`;
    const text = `:${chain.name} ${edit.policy} ${counters}`;
    if (chain.at.line === 0) changeAt(opened).after.push(text);
    else changeAt(chain.at.line).text = text;
    return true;
  }
  const rule = chain.rules[edit.number - 1];
  const line = rule?.at.line ?? 0;
  if (edit.do === "insert") {
    const text = `-A ${edit.chain} ${edit.rule}`;
    const last = chain.rules.at(-1)?.at.line;
    if (rule === undefined && last === undefined) changeAt(endingLine(lines, opened)).before.push(text);
    else if (rule === undefined) changeAt(last as number).after.push(text);
    else changeAt(line).before.push(text);
    return rule === undefined || line > 0;
  }
  if (line === 0 || shared.has(line)) return false;
  changeAt(line).text = edit.do === "delete" ? null : `${countersOf(lines[line - 1] ?? "")}-A ${edit.chain} ${edit.rule}`;
  return true;
}

/** The counters that a rule's line begins with, and the blank after them. */
function countersOf(line: string): string {
  const close = line.startsWith("[") ? line.indexOf("]") : -1;
  return close < 0 ? "" : `${line.slice(0, close + 1)} `;
}

/** Lines that several rules came from: `-s a,b`. */
function sharedLines(tables: Ruleset["tables"]): ReadonlySet<number> {
  const seen = new Set<number>();
  const shared = new Set<number>();
  for (const { chains } of tables.values()) {
    for (const { rules } of chains.values()) {
      for (const { at } of rules) {
        if (seen.has(at.line)) shared.add(at.line);
        seen.add(at.line);
      }
    }
  }
  return shared;
}

/** The last line `*TABLE`, from 1. */
function openingLine(lines: readonly string[], table: TableName): number | undefined {
  const index = lines.findLastIndex(line => line.startsWith("*") && line.slice(1).trim() === table);
  return index < 0 ? undefined : index + 1;
}

function endingLine(lines: readonly string[], opened: number): number {
  const index = lines.findIndex((line, i) => i >= opened && line.trim() === "COMMIT");
  return index < 0 ? lines.length : index + 1;
}

/** Tables that the text lacks, at its end. */
function withNewTables(lines: readonly string[], missing: ReadonlyMap<TableName, readonly FixEdit[]>): string[] {
  const added: string[] = [];
  for (const [table, edits] of missing) {
    const policies = new Map<Hook, string>(BUILTIN_CHAINS[table].map(hook => [hook, "ACCEPT"]));
    for (const edit of edits) if (edit.do === "policy") policies.set(edit.chain as Hook, edit.policy);
    added.push(`*${table}`);
    for (const [hook, policy] of policies) added.push(`:${hook} ${policy} [0:0]`);
    for (const edit of edits) if (edit.do === "insert") added.push(`-A ${edit.chain} ${edit.rule}`);
    added.push("COMMIT");
  }
  if (added.length === 0) return [...lines];
  const kept = lines.at(-1) === "" ? lines.slice(0, -1) : lines;
  return [...kept, ...added, ""];
}
