/** The rulesets of a folder of real ones, family by family, as the commands read them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { kindOf, readRules, splitFamilies, type RulesReading } from "../../src/syntax/index.ts";
import { loadable } from "./fffuu.ts";

/** A ruleset with the text it came from, or why there is none. */
export type CorpusRuleset =
  | { readonly name: string; readonly ruleset: Ruleset; readonly text: string }
  | { readonly name: string; readonly reason: string };

/** Folders with rulesets; scripts are left out, since they would have to be run. */
const FOLDERS = ["real-save", "real-embedded", "real-L", "golden-save", "ufw-test-result", "fffuu"];

/** Every ruleset, in order. */
export function* corpusRulesets(dir: string): Generator<CorpusRuleset> {
  for (const folder of FOLDERS) {
    const root = join(dir, folder);
    if (!existsSync(root)) continue;
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
    for (const file of files.map(entry => join(entry.parentPath, entry.name)).toSorted()) {
      if (file.endsWith(".out") || file.endsWith("README.md")) continue;
      yield* rulesetsOf(file.slice(dir.length + 1), loadable(readFileSync(file, "utf8")));
    }
  }
}

function* rulesetsOf(name: string, text: string): Generator<CorpusRuleset> {
  const kind = kindOf(text, name);
  if (kind === "script") return yield { name, reason: "it is a script" };
  const parts = kind === "save" ? splitFamilies(text) : undefined;
  const readings = parts
    ? ([4, 6] as const).map((family): [string, RulesReading] => [parts[family], read(parts[family], name, family)])
    : [[text, read(text, name)] as const];
  for (const [own, { ruleset, faults, family }] of readings) {
    const label = parts ? `${name} (IPv${family})` : name;
    if (ruleset === undefined || faults.length > 0) yield { name: label, reason: "some of its lines are refused, by iptables-restore too" };
    else if ([...ruleset.tables.values()].length === 0) yield { name: label, reason: "it has no rules" };
    else yield { name: label, ruleset, text: own };
  }
}

const read = (text: string, name: string, family?: 4 | 6): RulesReading =>
  readRules(text, name, { lenient: true, oldSyntax: true, keepNames: true, ...(family && { family }) });
