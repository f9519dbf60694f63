/** Rules as text: save text, -S dumps and listings. */
import fc from "fast-check";
import { expect } from "vitest";
import { printList, printNft, printSave, printSpecs, readRules, type RulesReading } from "../../src/syntax/index.ts";
import { anyWord, damaged, saveText, scribbled } from "../faults/corrupt.ts";
import { UNREADABLE } from "../faults/unreadable.ts";
import { target, type Target } from "./target.ts";

const OUTPUT_PER_BYTE = 4000;

/** What every reading of rules keeps to. */
export function checkReading(text: string, reading: RulesReading): void {
  const lines = text.split("\n").length;
  for (const { line, column, endColumn, message } of [...reading.faults, ...reading.warnings]) {
    expect(line).toBeLessThanOrEqual(lines + 1);
    expect(column).toBeGreaterThanOrEqual(line === 0 ? 0 : 1);
    expect(endColumn).toBeGreaterThanOrEqual(column);
    expect(message).not.toBe("");
    expect(message.length).toBeLessThanOrEqual(1000 + 2 * text.length);
  }
  expect(reading.ruleset === undefined).toBe(reading.faults.length > 0);
  const { ruleset, family } = reading;
  if (ruleset === undefined) return;
  const saved = printSave(ruleset, { counters: true });
  expect(saved.length).toBeLessThan(1000 + OUTPUT_PER_BYTE * text.length);
  const nft = printNft([ruleset]);
  expect(nft.text === "").toBe(nft.faults.length > 0);
  for (const { line, message } of nft.faults) expect([line <= lines + 1, message === ""]).toEqual([true, false]);
  if (UNREADABLE.test(saved)) return;
  const again = readRules(saved, "saved", { family });
  expect(again.faults).toEqual([]);
  expect(again.ruleset && printSave(again.ruleset, { counters: true })).toBe(saved);
  for (const table of ruleset.tables.values()) {
    const specs = printSpecs(table, { verbose: true });
    const read = readRules(`# iptables -t ${table.name} -S\n${specs}`, "specs", { family });
    expect(read.faults).toEqual([]);
    const back = read.ruleset?.tables.get(table.name);
    expect(back && printSpecs(back, { verbose: true })).toBe(specs);
    readRules(printList(ruleset, table.name), "list", { family });
  }
}

const flat = (text: string, options: Parameters<typeof readRules>[2] = {}): void => checkReading(text, readRules(text, "fuzz", options));

const specs = saveText.chain(({ text, family }) =>
  damaged(
    text.split("\n").filter(line => line.startsWith("-")),
    anyWord,
    3,
  ).map(lines => ({ text: ["-P INPUT DROP", ...lines, ""].join("\n"), family })),
);

const LISTED =
  "Chain INPUT (policy ACCEPT)\ntarget     prot opt source               destination\nACCEPT     tcp  --  0.0.0.0/0            0.0.0.0/0            tcp dpt:22\n";
const listings = saveText.map(({ text, family }) => {
  const { ruleset } = readRules(text, "fuzz", { family });
  const tables = [...(ruleset?.tables.keys() ?? [])];
  const listed = ruleset
    ? tables.map(table => printList(ruleset, table, { numeric: true, verbose: true, lineNumbers: text.length % 2 === 0 })).join("\n")
    : "";
  return listed === "" ? LISTED : listed;
});

export const TEXTS: readonly Target[] = [
  target("save", saveText, ({ text, family }) => flat(text, { family })),
  target("save-variants", saveText, ({ text, family }) => {
    readRules(text, "fuzz", { family, variant: "nft" });
    readRules(text, "fuzz", { family, lenient: true, oldSyntax: true });
    readRules(text, "fuzz", { lenient: true });
  }),
  target("save-characters", scribbled(saveText.map(({ text }) => text)), text => flat(text)),
  target("specs", specs, ({ text, family }) => flat(text, { family })),
  target(
    "listing",
    listings.chain(text => damaged(text.split(" "), anyWord, 5).map(words => words.join(" "))),
    text => flat(text),
  ),
  target("listing-characters", fc.oneof(scribbled(listings), fc.string({ unit: "binary", maxLength: 400 })), text => flat(text)),
];
