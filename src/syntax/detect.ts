import type { Family } from "../predicate/index.ts";
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
const COMMAND = /^[^#\n]*\bip6?tables(?:-legacy|-nft)?[ \t]+-/m;

/** What a text is, by its first tell-tale line of each kind: save text before listings before -S dumps before scripts. */
export function kindOf(text: string): TextKind {
  if (TABLE_LINE.test(text)) return "save";
  if (CHAIN_LINE.test(text)) return "list";
  if (/^#!/.test(text)) return "script";
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
  const family = options.family ?? familyOf(text, file);
  const kind = kindOf(text);
  const full = { ...options, family };
  switch (kind) {
    case "save":
      return { ...readSave(text, file, full, indentOf(text)), kind, lossy: false };
    case "specs":
      return { ...readSpecs(text, file, full), kind, lossy: false };
    case "list":
      return { ...readList(text, file, full), kind, lossy: true };
    case "script":
      return refused(family, file, kind, "this is a firewall script: scripts cannot be read yet");
    case "unknown":
      return text.trim() === "" ? { ...readSave("", file, full), kind, lossy: false } : refused(family, file, kind, "these are no rules: neither iptables-save text nor an iptables -S dump nor an iptables -L listing");
  }
}

/** The indentation of a dump that is quoted in other text; empty when some table line has none. */
function indentOf(text: string): string {
  const indents = [...text.matchAll(new RegExp(TABLE_LINE.source, "gm"))].map(([, indent = ""]) => indent);
  return indents.includes("") ? "" : (indents[0] ?? "");
}

function refused(family: Family, file: string, kind: TextKind, message: string): RulesReading {
  return { family, ruleset: undefined, faults: [{ file, line: 1, column: 1, endColumn: 2, message, status: 2 }], warnings: [], ignored: [], kind, lossy: false };
}
