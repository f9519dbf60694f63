import { parseHostFile } from "../../host/index.ts";
import type { Family } from "../../predicate/index.ts";
import { familyOf, kindOf, printSave, readIpsets, readRules, splitFamilies } from "../../syntax/index.ts";
import { rulesOf, type Documents } from "../state/documents.ts";

/** What became of a text that was pasted, dropped or picked: texts of a firewall, with sentences about it, or why it is none. */
export type TakenText =
  | { readonly texts: Partial<Documents>; readonly notes: readonly string[] }
  | { readonly refused: string; readonly script?: true };

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
      return {
        refused:
          "it is a shell script that makes rules, and this page runs none: `ferrule show SCRIPT > rules.v4` does, or `ferrule serve SCRIPT`",
        script: true,
      };
    case "unknown":
      return {
        refused:
          "it is neither rules (iptables-save, iptables -S, iptables -L), nor sets (ipset save), nor a machine (ferrule host, ip -j addr)",
      };
  }
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
  const said =
    warnings.length === 0 ? [] : [`${warnings.length === 1 ? "1 thing" : `${warnings.length} things`} in it could not be read surely.`];
  return {
    texts: { [rulesOf(family)]: printSave(ruleset, { counters: true }) },
    notes: [`An ${what}, rewritten as iptables-save text.${lossy}`, ...said],
  };
}
