import type { Firewall } from "../../analysis/index.ts";
import { parseHostFile, type Host } from "../../host/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { Ruleset, Sets } from "../../ruleset/index.ts";
import { namesWithSets, readIpsets, readRules, type TextKind } from "../../syntax/index.ts";
import { rulesOf, sameDocuments, type Documents } from "../state/documents.ts";
import { FaultList } from "./fault-list.ts";
import type { FaultCounts, PlacedFault } from "./outline.ts";

/** What texts say, faulty lines left out. */
export interface ReadFirewall extends Firewall {
  readonly v4: Ruleset | undefined;
  readonly v6: Ruleset | undefined;
  readonly host: Host | undefined;
  readonly sets: Sets | undefined;
  readonly faults: readonly PlacedFault[];
  readonly faultCounts: FaultCounts;
  readonly skipped: { readonly rules4: readonly number[]; readonly rules6: readonly number[] };
  readonly kinds: { readonly rules4: TextKind | undefined; readonly rules6: TextKind | undefined };
}

let last: { readonly texts: Documents; readonly read: ReadFirewall } | undefined;

/**
 * Reads the texts of a firewall. Lines with faults are left out, so that a page stays alive while somebody types; what they are stands in
 * `skipped`; faults that come only of that are not told. The last reading is kept: the same texts are not read twice. `now` in µs since the epoch, for entries of sets that time out.
 */
export function readFirewall(texts: Documents, now: number): ReadFirewall {
  if (last && sameDocuments(last.texts, texts)) return last.read;
  const faults = new FaultList();
  const sets = readSets(texts.sets, now, faults);
  const host = readHost(texts.host, faults);
  const [v4, skipped4, kind4] = readFamily(texts.rules4, 4, sets, faults);
  const [v6, skipped6, kind6] = readFamily(texts.rules6, 6, sets, faults);
  const read = {
    v4,
    v6,
    host,
    sets,
    faults: faults.told,
    faultCounts: faults.counts,
    skipped: { rules4: skipped4, rules6: skipped6 },
    kinds: { rules4: kind4, rules6: kind6 },
  };
  last = { texts, read };
  return read;
}

function readSets(text: string, now: number, faults: FaultList): Sets | undefined {
  if (text.trim() === "") return undefined;
  const reading = readIpsets(text, "sets", now);
  faults.put("sets", "error", reading.faults);
  return reading.sets;
}

function readHost(text: string, faults: FaultList): Host | undefined {
  if (text.trim() === "") return undefined;
  const reading = parseHostFile({ file: "host", text });
  faults.put(
    "host",
    "error",
    reading.faults.map(fault => ({ ...fault, status: 2 })),
  );
  return reading.value;
}

/** The rules of a family, the lines that were left out, and what the text was taken for. */
type ReadFamily = readonly [ruleset: Ruleset | undefined, skipped: readonly number[], kind: TextKind | undefined];

/** Readings that may leave lines out: a line that is gone can make another one wrong. */
const ROUNDS_MAX = 4;

function readFamily(text: string, family: Family, sets: Sets | undefined, faults: FaultList): ReadFamily {
  if (text.trim() === "") return [undefined, [], undefined];
  const document = rulesOf(family);
  const file = family === 4 ? "rules.v4" : "rules.v6";
  const options = { family, keepNames: true, names: namesWithSets(sets) };
  const skipped = new Set<number>();
  let reading = readRules(text, file, options);
  const { kind } = reading;
  faults.put(document, "error", reading.faults);
  faults.put(document, "warning", reading.warnings);
  faults.putIgnored(document, file, text, reading.ignored);
  for (let round = 0; reading.faults.length > 0; round++) {
    const lines = reading.faults.map(fault => fault.line).filter(line => line > 0);
    if (lines.length === 0 || round === ROUNDS_MAX) return [undefined, [...skipped], kind];
    for (const line of lines) skipped.add(line);
    reading = readRules(without(text, skipped), file, options);
  }
  return [reading.ruleset, [...skipped].toSorted((a, b) => a - b), kind];
}

/** The text with empty lines in place of some; a table that is left open by that is closed. */
function without(text: string, skipped: ReadonlySet<number>): string {
  const lines = text.split("\n").map((line, index) => (skipped.has(index + 1) ? "" : line));
  const opening = lines.findLastIndex(line => line.startsWith("*"));
  const isOpen = opening >= 0 && !lines.slice(opening).some(line => line.trim() === "COMMIT");
  return isOpen ? `${lines.join("\n")}\nCOMMIT\n` : lines.join("\n");
}
