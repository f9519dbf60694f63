import type { Text } from "@codemirror/state";
import { rulesOf, type DocumentKind } from "../../state/documents.ts";
import type { OutlineTable, Reading } from "../../work/outline.ts";
import { fullCount } from "../counts.ts";
import { interfacesIn, setNames } from "../known-names.ts";
import type { Place } from "./complete.ts";

/** Lines that are looked through for the table that a line stands in; farther away the reading says it. */
const LINES_LOOKED_THROUGH = 2000;

/** The table that a line stands in: by the nearest line before it that opens one. */
function tableAt(doc: Text, line: number): string | undefined {
  const first = Math.max(1, line - LINES_LOOKED_THROUGH);
  for (let at = line; at >= first; at--) {
    const { text } = doc.line(at);
    const lead = text.charAt(0);
    if (lead === "*") return text.slice(1).trim();
    if (lead === "C" && at < line && text.trim() === "COMMIT") return undefined;
  }
  return undefined;
}

/** What the page knows around a place of a text, as completion wants it. */
export function placeAt(doc: Text, position: number, kind: DocumentKind, reading: Reading | undefined, sets: string): Place {
  const line = doc.lineAt(position);
  const family = kind === "rules6" ? 6 : 4;
  const name = tableAt(doc, line.number) ?? tableRead(reading, kind, line.number);
  const table = reading?.tables.find(each => each.family === family && each.name === name);
  return {
    grammar: kind === "sets" ? "sets" : "rules",
    line: line.text,
    column: position - line.from,
    family,
    table: name,
    chains:
      table?.chains.map(({ name: chain, policy, rules }) => ({
        name: chain,
        builtin: policy !== undefined,
        about: fullCount(rules.length, "rule"),
      })) ?? [],
    interfaces: interfacesIn(reading),
    sets: setNames(sets),
  };
}

function tableRead(reading: Reading | undefined, kind: DocumentKind, line: number): string | undefined {
  const holds = ({ family, chains }: OutlineTable): boolean =>
    rulesOf(family) === kind && chains.some(({ rules }) => (rules[0]?.line ?? Infinity) <= line && line <= (rules.at(-1)?.line ?? 0));
  return reading?.tables.find(holds)?.name;
}
