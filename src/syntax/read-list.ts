import type { Family } from "../predicate/index.ts";
import { linesOf } from "./lines.ts";
import { settingsOf, type ReadOptions } from "./options.ts";
import { cutBlocks, isChainLine, type Segment } from "./read-list-blocks.ts";
import { ListReader } from "./read-list-reader.ts";
import type { Reading } from "./save.ts";
import type { TableName } from "../xtables/index.ts";

export { tableOfChains } from "./read-list-blocks.ts";

/** What reading a listing gave. It can tell less than the rules it was made from: rounded counters, no interfaces without -v, names. */
export interface ListReading extends Reading {
  readonly lossy: true;
}

/** Whether a text holds a listing: a line such as `Chain INPUT (policy ACCEPT)`. */
export function looksLikeList(text: string): boolean {
  for (const { text: line } of linesOf(text).lines) if (isChainLine(line)) return true;
  return false;
}

/**
 * Reads what `iptables -L` printed, with or without -v, -n, -x and --line-numbers, of any version: one table or several, in prose or between
 * prompts. Each row is turned into the words of its rule, which the rule parser reads. Tables are known by the command above them, else by
 * their chains; the last listing of a table counts. Text that no known extension prints is a fault, or with `lenient` an opaque condition.
 */
export function readList(text: string, file: string, options: ReadOptions = {}): ListReading {
  const { lines, notes } = linesOf(text);
  const { segments, strangers, rounded } = cutBlocks(lines);
  const family = options.family ?? segments.map(familyOf).find(found => found !== undefined) ?? 4;
  const reader = new ListReader(file, settingsOf(options, family));
  for (const { message, line, column } of notes) reader.save.warn(message, { line, column, endColumn: column + 1 });
  if (segments.length === 0) reader.fault("no chain is listed here: a line such as `Chain INPUT (policy ACCEPT)' is missing", 0, 0, 0);
  for (const { line, inside } of strangers) reader.stranger(line, inside);
  if (rounded) reader.warnLine(rounded, "counters are rounded to thousands or more: -x lists them in full");
  const last = new Map<TableName, Segment>();
  for (const segment of segments) {
    if ((familyOf(segment) ?? family) !== family) {
      reader.otherFamily(segment);
      continue;
    }
    const before = last.get(segment.table);
    if (before) reader.again(segment, before);
    last.set(segment.table, segment);
  }
  for (const segment of last.values()) reader.segment(segment);
  const reading = reader.save.finish();
  return {
    ...reading,
    ignored: reading.ignored.toSorted((a, b) => a.line - b.line),
    warnings: reading.warnings.toSorted((a, b) => a.line - b.line),
    lossy: true,
  };
}

/** What the command said, or the first row with addresses in every chain; unknown for empty chains. */
function familyOf({ blocks, family }: Segment): Family | undefined {
  if (family !== undefined) return family;
  for (const { rows } of blocks) {
    const six = rows.find(({ row }) => row.family !== undefined)?.row.family;
    if (six !== undefined) return six;
  }
  return undefined;
}
