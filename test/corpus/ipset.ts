/** Saved ipsets of the corpus: every line is taken, and what is printed reads as the same sets again. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { printSets, readIpsets } from "../../src/syntax/index.ts";
import type { SuiteResult } from "./suite.ts";

export const name = "ipset";

const NOW = 1_767_225_600_000_000;

export async function run(dir: string): Promise<SuiteResult> {
  const disagreements: { id: string; expected: string; got: string }[] = [];
  let total = 0;
  for (const path of files(join(dir, "ipset"))) {
    for (const [i, text] of savedTexts(readFileSync(path, "utf8")).entries()) {
      total++;
      const id = `${path.slice(dir.length + 1)} ${i + 1}`;
      const { sets, faults } = readIpsets(text, path, NOW);
      const first = faults[0];
      if (first) {
        disagreements.push({ id, expected: "accepted", got: `line ${first.line}: ${first.message}` });
        continue;
      }
      const saved = save(sets);
      const again = save(readIpsets(saved, path, NOW).sets);
      const lines = new Set(
        text
          .split("\n")
          .filter(line => line.startsWith("add "))
          .map(entryOf),
      );
      const kept = new Set(
        saved
          .split("\n")
          .filter(line => line.startsWith("add "))
          .map(entryOf),
      );
      const lost = [...lines].find(line => !kept.has(line));
      if (saved !== again) disagreements.push({ id, expected: saved, got: again });
      else if (lost !== undefined) disagreements.push({ id, expected: lost, got: "not among the entries" });
    }
  }
  return { name, agreed: total - disagreements.length, total, outOfReach: new Map(), disagreements };
}

const save = (sets: ReturnType<typeof readIpsets>["sets"]): string =>
  printSets(sets.list(), { mode: "save", namesOnly: false, terse: false, members: true, sorted: true, now: NOW });

/** Set and key of an `add` line, as ipset prints them. */
const entryOf = (line: string): string =>
  line
    .split(" ")
    .slice(0, 3)
    .join(" ")
    .replace(/\/(32|128)$/, "");

function* files(dir: string): Generator<string> {
  if (!existsSync(dir)) return;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) yield join(entry.parentPath, entry.name);
}

/** A file of nothing but saved lines, or the runs of such lines in it. */
function savedTexts(text: string): string[] {
  const texts: string[][] = [];
  let current: string[] | undefined;
  for (const line of text.split("\n")) {
    if (/^(create|add) \S+ \S/.test(line)) {
      if (line.startsWith("create ") && current?.at(-1)?.startsWith("add ") === true && !text.startsWith("create ")) current = undefined;
      if (!current) texts.push((current = []));
      current.push(line.replace(/["`,)]+$/, ""));
    } else if (line.trim() !== "") current = undefined;
  }
  return texts.filter(lines => lines[0]?.startsWith("create ")).map(lines => `${lines.join("\n")}\n`);
}
