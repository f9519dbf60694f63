import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Family } from "../predicate/index.ts";
import { printList } from "./print-list.ts";
import { printSave } from "./print-save.ts";
import { looksLikeList, readList } from "./read-list.ts";
import { readSave } from "./save.ts";

const CORPUS = new URL("../../../shared/corpus/", import.meta.url);
const isHere = existsSync(CORPUS);
if (!isHere) console.log("read-list-corpus: skipped, the folder ../shared/corpus is not here");

function filesUnder(folder: string): string[] {
  return readdirSync(new URL(folder, CORPUS), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`);
}

describe.skipIf(!isHere)("listings of real firewalls", () => {
  const listings = isHere ? ["real-L", "real-embedded"].flatMap(filesUnder).filter(file => looksLikeList(readFileSync(file, "utf8"))) : [];

  test.each(listings.map(file => file.slice(file.indexOf("/corpus/") + 8)))("%s", name => {
    const text = readFileSync(new URL(name, CORPUS), "utf8");
    // One history lists a host by its name, which nobody looks up here.
    const { ruleset, faults, warnings, ignored } = readList(text, name, {
      resolve: host => (host === "sportgeza.hu" ? [0xd9148261] : undefined),
    });
    expect(faults).toEqual([]);
    expect(warnings.filter(({ message }) => /missing|is none/.test(message))).toEqual([]);
    const rules = [...(ruleset?.tables.values() ?? [])]
      .flatMap(({ chains }) => [...chains.values()])
      .reduce((sum, chain) => sum + chain.rules.length, 0);
    // A file that holds nothing but one listing must have become a rule for each line that is neither empty nor a heading.
    const lines = text.split("\n").filter(line => line.trim() !== "" && !/^(?:Chain |target | pkts )/.test(line));
    if (ignored.length === 0) expect(rules).toBe(lines.length);
    else expect(rules).toBeGreaterThan(0);
  });
  test("are all here", () => expect(listings.length).toBeGreaterThanOrEqual(24));
});

interface Saved {
  readonly path: string;
  readonly family: Family;
  readonly variant: string;
  readonly rc: number;
  readonly save: string;
}

/** A listing does not name the tables of hashlimit. */
const nameless = (save: string): string => save.replaceAll(/--hashlimit-name \S+/g, "--hashlimit-name …");

test.skipIf(!isHere)("list -v -n -x, then read: every ruleset of the corpus comes back as it was", () => {
  const lines = gunzipSync(readFileSync(new URL("expected/save.jsonl.gz", CORPUS)))
    .toString("utf8")
    .trim()
    .split("\n");
  const lost: string[] = [];
  const outOfReach = new Map<string, number>();
  let rulesets = 0;
  let rules = 0;
  for (const line of lines) {
    const { path, family, variant, rc, save } = JSON.parse(line) as Saved;
    if (variant !== "legacy" || rc !== 0) continue;
    const original = readSave(`${save}\n`, path, { family });
    if (!original.ruleset) {
      const reason = original.faults.find(({ unsupported }) => unsupported !== undefined)?.unsupported ?? original.faults[0]?.message ?? "";
      outOfReach.set(reason, (outOfReach.get(reason) ?? 0) + 1);
      continue;
    }
    const listing = [...original.ruleset.tables.keys()].map(table => {
      const text = printList(original.ruleset ?? { family, tables: new Map() }, table, {
        verbose: true,
        numeric: true,
        exact: true,
        lineNumbers: true,
      });
      return `# ${family === 6 ? "ip6tables" : "iptables"} -t ${table} -vnxL --line-numbers\n${text}`;
    });
    const { ruleset, faults } = readList(listing.join("\n"), path);
    const want = nameless(printSave(original.ruleset));
    const got = ruleset ? nameless(printSave(ruleset)) : JSON.stringify(faults[0]);
    rulesets++;
    rules += want.split("\n-A ").length - 1;
    if (got !== want) lost.push(`${path}: ${want.split("\n").find((each, i) => each !== got.split("\n")[i])}`);
  }
  console.log(
    `listings that read back to the same rules: ${rulesets - lost.length} of ${rulesets} rulesets (${rules} rules); out of reach: ${JSON.stringify(Object.fromEntries(outOfReach))}`,
  );
  expect(lost).toEqual([]);
  expect(rulesets).toBeGreaterThan(280);
});
