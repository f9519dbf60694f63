import type { Family } from "../predicate/index.ts";
import { BUILTIN_CHAINS, HOOKS, TABLES, type Hook, type TableName } from "../xtables/index.ts";
import { isTable } from "./command.ts";
import type { Line } from "./lines.ts";
import { columnsOf, readRow, type Columns, type ListedRow } from "./read-list-row.ts";

/** A listed rule and its line. */
export interface BlockRow {
  readonly line: Line;
  readonly row: ListedRow;
}

/** One chain of a listing. */
export interface Block {
  readonly chain: string;
  readonly policy: string | undefined;
  readonly counters: { readonly packets: string; readonly bytes: string } | undefined;
  /** How many rules lead to a user chain, as the listing says. */
  readonly references: number | undefined;
  readonly line: Line;
  columns: Columns | undefined;
  columnLine: Line | undefined;
  readonly rows: BlockRow[];
}

/** One table of a listing: its chains, and what the command above said. */
export interface Segment {
  readonly blocks: Block[];
  readonly table: TableName;
  /** The text names the table, or its chains are those of no other. */
  readonly certain: boolean;
  /** A command above named the table. */
  readonly asked: boolean;
  readonly family: Family | undefined;
}

/** A line that is no part of a listing. `inside` says that it stood between rules. */
export interface Stranger {
  readonly line: Line;
  readonly inside: boolean;
}

interface Group {
  readonly blocks: Block[];
  readonly names: Set<string>;
  readonly asked: Asked | undefined;
}

const CHAIN =
  /^\s{0,40}Chain (\S{1,255}) \((?:policy (\S{1,40})(?: (\d{1,20})([KMGT]?) packets, (\d{1,20})([KMGT]?) bytes)?|(-?\d{1,9}) references|ERROR obtaining refs)\)\s*$/;
const ZEROS: Readonly<Record<string, string>> = { K: "000", M: "000000", G: "000000000", T: "000000000000" };

/** Whether the line is the first of a listed chain. */
export const isChainLine = (line: string): boolean => CHAIN.test(line);

interface Asked {
  readonly table: TableName | undefined;
  readonly family: Family | undefined;
}

/** Cuts a text into tables and chains; rows are read, other lines are given back. */
export function cutBlocks(lines: Iterable<Line>): {
  readonly segments: readonly Segment[];
  readonly strangers: readonly Stranger[];
  readonly rounded: Line | undefined;
} {
  const groups: Group[] = [];
  const strangers: Stranger[] = [];
  let waiting: Asked[] = [];
  let fresh = true;
  let block: Block | undefined;
  // A blank line ends a chain in the tool's own text, but a pasted one may have more of them: rows are taken until prose comes.
  let gap = false;
  let rounded: Line | undefined;
  for (const line of lines) {
    if (line.text.trim() === "") {
      gap = true;
      continue;
    }
    const started = startBlock(line);
    if (started) {
      const group = groups.at(-1);
      if (fresh || !group || !follows(group, started.chain))
        groups.push({ blocks: [started], names: new Set([started.chain]), asked: waiting.shift() });
      else {
        group.blocks.push(started);
        group.names.add(started.chain);
      }
      if (/[KMGT] (?:packets|bytes)/.test(line.text)) rounded ??= line;
      fresh = false;
      gap = false;
      block = started;
      continue;
    }
    if (block && !block.columns) {
      block.columns = columnsOf(line.text);
      block.columnLine = line;
      gap &&= block.columns === undefined;
      if (block.columns) continue;
    }
    const row = block?.columns && readRow(line, block.columns);
    if (block && row) {
      block.rows.push({ line, row });
      gap = false;
      if (row.rounded) rounded ??= line;
      continue;
    }
    const asked = askedFor(line.text);
    if (asked.length) {
      waiting = asked;
      fresh = true;
    }
    const isElsewhere = gap || asked.length > 0 || PROMPT.test(line.text);
    strangers.push({ line, inside: block !== undefined && !isElsewhere });
    if (isElsewhere) block = undefined;
  }
  return { segments: groups.map(segmentOf), strangers, rounded };
}

/** A shell prompt or a key that ended a command: `root@host:~#`, `[me@host ~]$`, `# `, `^C`. */
const PROMPT = /^\s{0,40}(?:\^[A-Z]|[#$](?:\s|$)|\[?[\w.-]{1,64}@[\w.-]{1,64}\S{0,255}(?:\s\S{0,255}\])?\s?[#$](?:\s|$))/;

function startBlock(line: Line): Block | undefined {
  const found = CHAIN.exec(line.text);
  if (!found) return undefined;
  const [, chain = "", policy, packets, p = "", bytes, b = "", references] = found;
  const counters =
    packets === undefined || bytes === undefined ? undefined : { packets: packets + (ZEROS[p] ?? ""), bytes: bytes + (ZEROS[b] ?? "") };
  return {
    chain,
    policy,
    counters,
    references: references === undefined ? undefined : Number(references),
    line,
    columns: undefined,
    columnLine: undefined,
    rows: [],
  };
}

const hookOf = (chain: string): number => HOOKS.indexOf(chain as Hook);

/** Whether a chain may come next in the same table: built-in chains in the order of the hooks, then user chains; old kernels list OUTPUT of nat last. */
function follows({ blocks, names }: Group, chain: string): boolean {
  if (names.has(chain)) return false;
  const hook = hookOf(chain);
  if (hook < 0) return true;
  const last = hookOf(blocks.at(-1)?.chain ?? "");
  if (last < 0) return false;
  const isOldNat = chain === "OUTPUT" && blocks.length === 2 && names.has("PREROUTING") && names.has("POSTROUTING");
  if (hook < last && !isOldNat) return false;
  return TABLES.some(table => fits(table, [...builtinOf(names), chain as Hook]));
}

/** Listings that a command line asks for, in order. */
function askedFor(text: string): Asked[] {
  const found: Asked[] = [];
  for (const command of text.slice(0, MOST_COMMAND).split(/&&|[;|]/)) {
    const words = command.split(/\s+/);
    const at = words.findIndex(word => TOOL.test(word));
    if (at < 0) continue;
    const rest = words.slice(at + 1);
    if (!rest.some(word => /^-[a-zA-Z]{0,8}L/.test(word) || word.startsWith("--list"))) continue;
    const option = rest.findIndex(word => /^(?:-[a-zA-Z]{0,8}t|--table)$/.test(word));
    const glued =
      rest.find(word => word.startsWith("--table="))?.slice("--table=".length) ?? rest.find(word => /^-t./.test(word))?.slice(2);
    const table = option >= 0 ? rest[option + 1] : (glued ?? "filter");
    found.push({ table: isTable(table) ? table : undefined, family: words[at]?.includes("ip6") ? 6 : 4 });
  }
  return found;
}

const MOST_COMMAND = 1000;
const TOOL = /^(?:\S{0,200}\/)?ip6?tables(?:-legacy|-nft)?$/;

/** Which table the chains are of: the one asked for when they fit, otherwise the one that has just these, or the likeliest that has them all. */
function segmentOf({ blocks, names, asked }: Group): Segment {
  const family = asked?.family;
  if (asked?.table && fits(asked.table, builtinOf(names))) return { blocks, table: asked.table, certain: true, asked: true, family };
  const { table, certain } = likeliest(builtinOf(names));
  return { blocks, table, certain, asked: false, family };
}

const builtinOf = (chains: ReadonlySet<string>): Hook[] => HOOKS.filter(hook => chains.has(hook));
const fits = (table: TableName, builtin: readonly Hook[]): boolean => builtin.every(hook => BUILTIN_CHAINS[table].includes(hook));

function likeliest(builtin: readonly Hook[]): { readonly table: TableName; readonly certain: boolean } {
  const likely = (["filter", "nat", "mangle", "raw"] as const).filter(table => fits(table, builtin));
  // Linux before 2.6.34 has no INPUT in nat.
  const exact = likely.find(
    table =>
      BUILTIN_CHAINS[table].length === builtin.length || (table === "nat" && builtin.length === 3 && builtin.includes("POSTROUTING")),
  );
  return { table: exact ?? likely[0] ?? "filter", certain: exact !== undefined };
}

/** The table that has just these built-in chains, else the likeliest that has them all; filter for none. */
export function tableOfChains(chains: ReadonlySet<string>): TableName {
  return likeliest(builtinOf(chains)).table;
}
