import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readRules } from "../../syntax/index.ts";
import { takeText } from "./taken-text.ts";
import { tokensOf } from "./tokens.ts";

const CORPUS = "../shared/corpus";
const FOLDERS = ["fffuu", "real-save", "real-L", "real-embedded", "ipset"];
if (!existsSync(CORPUS)) console.log(`the corpus of the editor: skipped, because ${CORPUS} is not there`);

const files = (folder: string): readonly string[] =>
  readdirSync(join(CORPUS, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/\.(?:md|out|csv|json)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));

describe.skipIf(!existsSync(CORPUS))("real files", () => {
  for (const folder of FOLDERS) {
    test.skipIf(!existsSync(join(CORPUS, folder)))(
      `${folder}: each opens or is refused with a reason; what was rewritten reads without a fault`,
      () => {
        let opened = 0;
        for (const file of files(folder)) {
          const text = readFileSync(file, "utf8");
          const taken = takeText(file, text);
          if ("refused" in taken) {
            expect(taken.refused, file).not.toBe("");
            continue;
          }
          opened++;
          const wasRewritten = taken.notes.some(note => note.includes("rewritten"));
          for (const [kind, family] of [
            ["rules4", 4],
            ["rules6", 6],
          ] as const) {
            const rules = taken.texts[kind];
            if (rules === undefined) continue;
            if (wasRewritten) expect(readRules(rules, file, { family, keepNames: true }).faults, file).toEqual([]);
            for (const line of rules.split("\n").slice(0, 500))
              for (const { from, to } of tokensOf(line, "rules")) expect(to).toBeGreaterThan(from);
          }
        }
        expect(opened).toBeGreaterThan(0);
      },
    );
  }
});
