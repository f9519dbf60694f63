import { ruleText, ruleTextWithCounters, type Chain, type Ruleset, type Table } from "../ruleset/index.ts";
import { TABLES } from "../xtables/index.ts";

/** How to print save text. */
export interface SaveOptions {
  /** Packet and byte counters before each rule and on each policy; without them policies show zeros, as after a restore. */
  readonly counters?: boolean;
  /** Comment lines for the top, without `# `. */
  readonly comments?: readonly string[];
}

/** The ruleset as iptables-save prints it, tables in the order a packet meets them. What is printed reads back to itself. */
export function printSave(ruleset: Ruleset, { counters = false, comments = [] }: SaveOptions = {}): string {
  const lines = comments.map(comment => `# ${comment}`);
  for (const name of TABLES) {
    const table = ruleset.tables.get(name);
    if (table) saveTable(table, { policies: counters, rules: counters }, lines);
  }
  return lines.length ? `${lines.join("\n")}\n` : "";
}

/** One table as iptables-save prints it, with counters on policies, on rules, or on neither. */
export function printTable(table: Table, counters: { readonly policies: boolean; readonly rules: boolean }): string {
  const lines: string[] = [];
  saveTable(table, counters, lines);
  return `${lines.join("\n")}\n`;
}

function saveTable({ name, chains }: Table, show: { readonly policies: boolean; readonly rules: boolean }, lines: string[]): void {
  lines.push(`*${name}`);
  for (const { name: chain, policy, counters } of chains.values()) {
    lines.push(`:${chain} ${policy ?? "-"} [${show.policies && policy ? `${counters.packets}:${counters.bytes}` : "0:0"}]`);
  }
  for (const { name: chain, rules } of chains.values()) {
    for (const rule of rules) {
      const text = ruleText(rule);
      lines.push(`${show.rules ? `[${rule.counters.packets}:${rule.counters.bytes}] ` : ""}-A ${chain}${text === "" ? "" : " "}${text}`);
    }
  }
  lines.push("COMMIT");
}

/** The table, or one chain or rule of it, as `iptables -S` prints it; with -v counters. Rule numbers count from 1. */
export function printSpecs(
  { chains }: Table,
  {
    chain,
    number,
    verbose = false,
  }: { readonly chain?: string | undefined; readonly number?: number | undefined; readonly verbose?: boolean } = {},
): string {
  const shown = [...chains.values()].filter(({ name }) => chain === undefined || name === chain);
  const lines: string[] = [];
  if (number === undefined) {
    for (const { name, policy, counters } of shown)
      lines.push(policy ? `-P ${name} ${policy}${verbose ? ` -c ${counters.packets} ${counters.bytes}` : ""}` : `-N ${name}`);
  }
  for (const each of shown) {
    for (const text of specs(each, verbose, number)) lines.push(`-A ${each.name}${text === "" ? "" : " "}${text}`);
  }
  return lines.length ? `${lines.join("\n")}\n` : "";
}

function specs({ rules }: Chain, verbose: boolean, number: number | undefined): string[] {
  const chosen = number === undefined ? rules : rules.slice(number - 1, number);
  return chosen.map(verbose ? ruleTextWithCounters : ruleText);
}
