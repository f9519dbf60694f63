import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { captureFor } from "./cases/captures.ts";
import { wordsOfLine, type Run } from "./cases/question.ts";
import { QUESTIONS } from "./cases/questions.ts";
import { ferrule } from "./faults/command-line.ts";

/** The questions that people really asked (test/cases): each is settled by commands that anyone can run. */
const RULES = "test/cases/rules";
const folder = mkdtempSync(join(tmpdir(), "ferrule-cases-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CASES = resolve("../shared/cases.jsonl");
if (!existsSync(CASES)) console.log(`skipped: whether every case of the collection has its place, because there is no ${CASES}`);

test.skipIf(!existsSync(CASES))("every case of the collection is a test, or stands in the table of those that are not", () => {
  const wanted = readFileSync(CASES, "utf8")
    .split("\n")
    .filter(line => line !== "")
    .map(line => (JSON.parse(line) as { id: string }).id);
  const table = readFileSync("test/cases/README.md", "utf8");
  const missing = wanted.filter(id => !QUESTIONS.some(question => question.id === id) && !table.includes(`| ${id} |`));
  expect(wanted.length).toBeGreaterThan(40);
  expect(missing).toEqual([]);
});

describe.each(QUESTIONS)("$id: $asks", ({ settled }) => {
  test.each(settled.map(run => [run.line, run] as const))("ferrule %s", async (_, run) => {
    const { status, stdout, stderr } = await ferrule(...wordsFor(run));
    const said = squeezed((stderr + stdout).replaceAll(`${RULES}/`, ""));
    expect({ status, said }, said).toMatchObject({ status: run.status });
    for (const text of run.finds) expect(said).toContain(squeezed(text));
    for (const text of run.lacks ?? []) expect(said).not.toContain(squeezed(text));
    for (const [text, times] of Object.entries(run.counts ?? {}))
      expect({ text, times: said.split(squeezed(text)).length - 1 }).toEqual({ text, times });
  });
});

/** Columns and line breaks depend on the width of the terminal. */
const squeezed = (text: string): string => text.replaceAll(/\s+/g, " ");

/** The words of a run, with files where they are. */
function wordsFor({ line, store }: Run): string[] {
  const kept = join(folder, "store");
  rmSync(kept, { force: true });
  if (store !== undefined) copyFileSync(`${RULES}/${store}`, kept);
  return wordsOfLine(line).map(word => {
    if (word === "STORE") return kept;
    if (word === "NEW") return join(folder, "new");
    if (existsSync(`${RULES}/${word}`)) return `${RULES}/${word}`;
    const capture = captureFor(word);
    if (capture === undefined) return word;
    writeFileSync(join(folder, word), capture);
    return join(folder, word);
  });
}
