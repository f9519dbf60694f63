import type { Family } from "../predicate/index.ts";
import type { Fault } from "./fault.ts";
import type { ReadOptions } from "./options.ts";
import { readList } from "./read-list.ts";
import { readSpecs } from "./read-specs.ts";
import { readSave, type Reading } from "./save.ts";

/** What kind of text holds the rules. */
export type TextKind = "save" | "specs" | "list" | "script" | "unknown";

/** A reading, with what the text was taken for. */
export interface RulesReading extends Reading {
  readonly kind: TextKind;
  /** The text leaves out part of what the rules say: a listing. */
  readonly lossy: boolean;
}

const TABLE_LINE = /^([ \t]*)\*[ \t]*(?:raw|mangle|nat|filter|security)[ \t]*\r?$/m;
const CHAIN_LINE = /^[ \t]*Chain \S+ \((?:policy \S+|\d+ references)/m;
const SPEC_LINE = /^[ \t]*-(?:P \S+ \S|N \S|A \S)/m;
// Nothing that `^` takes for the end of a line, or many of them would be walked from each.
const COMMAND = /^[^#\n\r\u2028\u2029]*\bip6?tables(?:-legacy|-nft)?[ \t]+-/m;

const VARIABLE = /^[ \t]*"?\$\{?(?:IP6?T|IP6?TABLES|ip6?t|ip6?tables)\}?"?[ \t]+-/m;
const MOST_IN_FIRST_LINE = 256;
const RESTORE_LINE = /^#![ \t]*\S*\/ip6?tables(?:-nft|-legacy)?-restore\b/;

/**
 * What a text is: a script by its first line or by its file's name, all else by the first tell-tale line of each kind: save text before
 * listings before -S dumps before commands. Save text may run itself by `#!/sbin/iptables-restore`.
 */
export function kindOf(text: string, file = ""): TextKind {
  if (text.startsWith("#!")) return RESTORE_LINE.test(text.slice(0, MOST_IN_FIRST_LINE)) ? "save" : "script";
  if (file.endsWith(".sh")) return "script";
  if (TABLE_LINE.test(text)) return "save";
  if (CHAIN_LINE.test(text)) return "list";
  if (SPEC_LINE.test(text)) return "specs";
  if (COMMAND.test(text) || /^[ \t]*\$?\{?IP(?:6)?T(?:ABLES)?\}?"?[ \t]+-/m.test(text)) return "script";
  // A table that nobody knows is still save text, so that the fault says so.
  return /^\*\S/m.test(text) ? "save" : "unknown";
}

/** IPv6 when the text says so: in a comment of ip6tables-save, by a prompt, by an address or an ICMPv6 name; failing that, by the file's name. */
export function familyOf(text: string, file: string): Family {
  if (/^#.*\bip6tables/m.test(text)) return 6;
  if (/^#.*\biptables-(?:nft-)?save/m.test(text)) return 4;
  if (/(?:^|\s)(?:-s|-d|--src|--dst|--source|--destination)\s+\d{1,3}\.\d/m.test(text) || /\s0\.0\.0\.0\/0\s/.test(text)) return 4;
  if (/(?:^|\s)(?:-s|-d|--src|--dst|--source|--destination)\s+(?:[\da-fA-F]{0,4}:){2}/m.test(text) || /\s::\/0\s/.test(text)) return 6;
  if (/\b(?:ipv6-icmp|icmpv6|icmp6-\w)/.test(text) || /\bip6tables\s+-/.test(text)) return 6;
  return /(?:v6|ip6|6\.rules|6tables)/i.test(file.slice(file.lastIndexOf("/") + 1)) ? 6 : 4;
}

/** Reads rules from a text of any kind but a script: save text, `iptables -S` dumps, `iptables -L` listings, each perhaps with other text around it. */
export function readRules(text: string, file: string, options: ReadOptions = {}): RulesReading {
  // A byte-order mark must not hide what the first line is.
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  const family = options.family ?? familyOf(plain, file);
  const kind = kindOf(plain, file);
  const full = { ...options, family };
  const nul = text.indexOf("\0");
  if (nul >= 0) return refused(family, file, kind, "NUL byte: iptables would lose the rest of the line", placeOf(text, nul));
  switch (kind) {
    case "save":
      return withTable({ ...readSave(text, file, full, indentOf(plain)), kind, lossy: false }, file);
    case "specs":
      return { ...readSpecs(text, file, full), kind, lossy: false };
    case "list":
      return { ...readList(text, file, full), kind, lossy: true };
    case "script":
      return refused(family, file, kind, "this is a firewall script: only the ferrule command runs those");
    case "unknown":
      return text.trim() === ""
        ? { ...readSave("", file, full), kind, lossy: false }
        : refused(family, file, kind, "these are no rules: neither iptables-save text nor an iptables -S dump nor an iptables -L listing");
  }
}

/** Save text none of whose tables could be opened says nothing: to take it for an empty ruleset would hide that. */
function withTable(reading: RulesReading, file: string): RulesReading {
  const { ruleset, warnings, ignored, family, kind } = reading;
  const odd =
    ruleset?.tables.size === 0 && warnings.length === 0 ? ignored.find(({ text }) => text.trimStart().startsWith("*")) : undefined;
  return odd
    ? refused(family, file, kind, "no table can be read here: a line such as `*filter' is missing", {
        line: odd.line,
        column: odd.text.indexOf("*") + 1,
      })
    : reading;
}

/** Line and column of an offset, both counted from 1. */
function placeOf(text: string, offset: number): Place {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < offset; end = text.indexOf("\n", start)) {
    line++;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

type Place = Pick<Fault, "line" | "column">;

/** The indentation of a dump that is quoted in other text; empty when some table line has none. */
function indentOf(text: string): string {
  const indents = [...text.matchAll(new RegExp(TABLE_LINE.source, "gm"))].map(([, indent = ""]) => indent);
  return indents.includes("") ? "" : (indents[0] ?? "");
}

function refused(
  family: Family,
  file: string,
  kind: TextKind,
  message: string,
  { line, column }: Place = { line: 1, column: 1 },
): RulesReading {
  return {
    family,
    ruleset: undefined,
    faults: [{ file, line, column, endColumn: column + 1, message, status: 2 }],
    warnings: [],
    ignored: [],
    kind,
    lossy: false,
  };
}
