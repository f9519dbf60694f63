import { parseHostFile } from "../../host/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import { familyOf, kindOf, printSave, readIpsets, readRules, splitFamilies, speaksNft } from "../../syntax/index.ts";
import { rulesOf } from "../state/documents.ts";
import { takeCommands } from "./plain-commands.ts";
import type { TakenText } from "./taken.ts";

// Nothing that reaches over the end of a line, or many empty ones would be walked from each.
const SET_LINE = /^[ \t]*(?:create|add)[ \t]+\S+[ \t]+\S/m;
const TABLE_LINE = /^[ \t]*\*[a-z]/m;

/** Finds out what a text is: rules of one family or both, sets, or a machine. `name` is its file's, or empty. Listings and -S dumps become save text. */
export function takeText(name: string, text: string): TakenText {
  const plain = (text.startsWith("\ufeff") ? text.slice(1) : text).replaceAll("\r\n", "\n");
  if (plain.trim() === "") return { refused: "it is empty" };
  if (plain.includes("\0")) return { refused: "it holds NUL bytes, so it is no text" };
  if (/^\s*(?:\{|\[\s*[{\]])/.test(plain)) return takeMachine(name, plain);
  if (SET_LINE.test(plain) && !TABLE_LINE.test(plain)) return takeSets(name, plain);
  const kind = kindOf(plain, name);
  switch (kind) {
    case "save": {
      const both = splitFamilies(plain);
      if (both)
        return {
          texts: { rules4: withoutGap(both[4]), rules6: withoutGap(both[6]) },
          notes: ["It holds the rules of both families: each has its tab."],
        };
      return { texts: { [rulesOf(familyOf(plain, name))]: plain }, notes: [] };
    }
    case "specs":
    case "list":
      return takeDump(name, plain, kind);
    case "script":
      return (
        takeCommands(plain) ?? {
          refused:
            "it is a shell script that makes rules, and this page runs none: `ferrule show SCRIPT > rules.v4` does, or `ferrule serve SCRIPT`",
          script: true,
        }
      );
    case "unknown":
      return { refused: unknownText(plain) };
  }
}

const IP_LINE = /^(?:\d+: \S+: <[A-Z]|default via |[\d.:a-f]+\/\d+ (?:via|dev) )/m;

/** What a text is that cannot be opened, and what could be instead. */
function unknownText(text: string): string {
  if (speaksNft(text))
    return "it holds rules of nft, and this page reads those of iptables: where iptables made them, `iptables-save` prints them, also on nf_tables";
  if (IP_LINE.test(text))
    return "it is what `ip` prints for people: `ip -j addr` and `ip -j route` print the same so that it can be read here";
  return "it is neither rules (iptables-save, iptables -S, iptables -L, iptables commands), nor sets (ipset save), nor a machine (ferrule host, ip -j addr)";
}

/** Empty lines in place of the other family's are left out at both ends. */
function withoutGap(text: string): string {
  return `${text.replace(/^\n+/, "").trimEnd()}\n`;
}

function takeMachine(name: string, text: string): TakenText {
  const { value, faults } = parseHostFile({ file: name, text });
  const [fault] = faults;
  if (value === undefined || fault)
    return { refused: fault ? `it cannot be read as a machine: line ${fault.line}: ${fault.message}` : "it is no machine" };
  return { texts: { host: text }, notes: [] };
}

function takeSets(name: string, text: string): TakenText {
  const [fault] = readIpsets(text, name, 0).faults;
  return { texts: { sets: text }, notes: fault ? [`Not all of it could be read: line ${fault.line}: ${fault.message}`] : [] };
}

function takeDump(name: string, text: string, kind: "specs" | "list"): TakenText {
  const family: Family = familyOf(text, name);
  const { ruleset, faults, warnings } = readRules(text, name, { family, keepNames: true });
  if (ruleset === undefined || faults.length > 0) {
    const [fault] = faults;
    // As it stands it shows where it is wrong.
    return {
      texts: { [rulesOf(family)]: text },
      notes: [`It could not be rewritten as iptables-save text: ${fault ? `line ${fault.line}: ${fault.message}` : "it holds no rules"}`],
    };
  }
  const what = kind === "specs" ? "iptables -S dump" : "iptables -L listing";
  const lossy =
    kind === "list" ? " A listing leaves things out: interfaces without -v, and some options. Rules from iptables-save say more." : "";
  const [unsure] = warnings;
  const said = unsure
    ? [
        `${warnings.length === 1 ? "1 thing" : `${warnings.length} things`} in it could not be read surely: line ${unsure.line}: ${unsure.message}.`,
      ]
    : [];
  return {
    texts: { [rulesOf(family)]: printSave(ruleset, { counters: isCounted(ruleset) }) },
    notes: [`An ${what}, rewritten as iptables-save text.${lossy}`, ...said],
  };
}

/** Has any packet been counted? A listing without -v, and what was never loaded, has none. */
function isCounted({ tables }: Ruleset): boolean {
  for (const { chains } of tables.values())
    for (const { counters, rules } of chains.values())
      if (counters.packets > 0n || rules.some(rule => rule.counters.packets > 0n)) return true;
  return false;
}
