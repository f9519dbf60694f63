/** Rules to build commands from: the rows beside every extension, good and bad. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chainRows } from "../rows.ts";
import type { Family } from "../../src/predicate/index.ts";
import { wordsOf } from "../../src/syntax/index.ts";

/** A rule without its chain, and where it is at home. */
export interface Phrase {
  readonly extension: string;
  readonly family: Family;
  readonly table: string;
  readonly chain: string;
  readonly words: readonly string[];
  readonly good: boolean;
}

const ROOMS = ["src/extensions/matches", "src/extensions/targets"];

/** Every rule row that can be written as words. */
export function phrases(): readonly Phrase[] {
  const found: Phrase[] = [];
  for (const room of ROOMS) {
    for (const file of readdirSync(room)
      .filter(name => name.endsWith(".t"))
      .toSorted()) {
      for (const { family, table, chain, rule, outcome } of chainRows(readFileSync(join(room, file), "utf8")).rules) {
        const words = wordsIn(rule);
        if (words) found.push({ extension: file.slice(0, -2), family, table, chain, words, good: outcome === "OK" });
      }
    }
  }
  return found;
}

function wordsIn(rule: string): readonly string[] | undefined {
  try {
    return wordsOf(rule).map(({ text }) => text);
  } catch {
    return undefined;
  }
}
