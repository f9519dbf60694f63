import type { Family } from "../predicate/index.ts";
import { applyEdit } from "../ruleset/index.ts";
import type { TableName } from "../xtables/index.ts";
import { isTable } from "./command.ts";
import { linesOf, type Line } from "./lines.ts";
import { settingsOf, type ReadOptions } from "./options.ts";
import { tableOfChains } from "./read-list.ts";
import { SaveReader, type Reading } from "./save.ts";

interface Block {
  readonly said: TableName | undefined;
  readonly lines: Line[];
  /** Built-in chains that have had a policy line. */
  readonly policies: Set<string>;
}

/** `-P INPUT ACCEPT`, with `-c PACKETS BYTES` where -v was given. */
const POLICY = /^\s*-P (\S+) (\S+)(?: -c (\d+) (\d+))?\s*$/;

/**
 * Reads `iptables -S` dumps, with or without -v. A dump of another table than filter is known by the command before it
 * (`# iptables -t nat -S`), or by the built-in chains that have policies in it.
 */
export function readSpecs(text: string, file: string, options: ReadOptions & { readonly family: Family }): Reading {
  const reader = new SaveReader(file, settingsOf(options, options.family));
  const { lines, notes } = linesOf(text);
  for (const { message, line, column } of notes) reader.warn(message, { line, column, endColumn: column + 1 });
  for (const { said, lines: block, policies } of blocksOf(lines, reader)) {
    const table = said ?? tableOfChains(policies);
    for (const line of block) {
      if (reader.hopeless) break;
      const policy = POLICY.exec(line.text);
      if (policy) setPolicy(reader, table, line, policy);
      else reader.command(line, table);
    }
  }
  return reader.finish();
}

function blocksOf(lines: Iterable<Line>, reader: SaveReader): Block[] {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let said: TableName | undefined;
  for (const line of lines) {
    const { text } = line;
    if (!/^\s*-[-A-Z]/.test(text)) {
      const command = /\bip6?tables\b(.*)$/.exec(text)?.[1];
      if (command !== undefined && /\s-\w*S|--list-rules/.test(command)) {
        const named = /(?:-t|--table)[ =]*(\w+)/.exec(command)?.[1];
        said = isTable(named) ? named : "filter";
        block = undefined;
      } else if (text.trim() !== "" && !text.startsWith("#")) reader.ignore(line, "not part of a dump");
      continue;
    }
    const chain = POLICY.exec(text)?.[1];
    if (!block || (chain !== undefined && block.policies.has(chain))) blocks.push((block = { said, lines: [], policies: new Set() }));
    if (chain !== undefined) block.policies.add(chain);
    block.lines.push(line);
  }
  return blocks;
}

function setPolicy(
  reader: SaveReader,
  table: TableName,
  line: Line,
  [, chain = "", policy = "", packets = "0", bytes = "0"]: RegExpExecArray,
): void {
  reader.attempt(line, () =>
    applyEdit(reader.draft, table, {
      edit: "policy",
      chain,
      policy,
      counters: { packets: BigInt(packets.slice(0, 20)), bytes: BigInt(bytes.slice(0, 20)) },
    }),
  );
}
