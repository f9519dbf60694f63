import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ferrule } from "./faults/command-line.ts";

/** The commands that the documents show say what the documents say they do. */

/** A command in a document, and lines of its output; where the document has an ellipsis lines are left out. */
interface Shown {
  readonly line: number;
  readonly words: readonly string[];
  readonly output: readonly string[];
}

/** `$ ferrule …` or `$ npx ferrule …` in an indented block, up to the end of the block; a backslash at its end continues the command. */
function shownCommands(text: string): readonly Shown[] {
  const found: Shown[] = [];
  const lines = text.replaceAll(/ \\\n {8}/g, " ").split("\n");
  for (const [at, line] of lines.entries()) {
    const command = /^ {4}\$ (?:npx )?ferrule (.*)$/.exec(line)?.[1];
    if (command === undefined) continue;
    const output: string[] = [];
    for (const next of lines.slice(at + 1)) {
      if (next !== "" && !next.startsWith("    ")) break;
      if (next.trim() !== "" && next.trim() !== "…") output.push(next.slice(4));
    }
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
    found.push({ line: at + 1, words, output });
  }
  return found;
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-docs-"));
  for (const name of ["examples", "test"]) symlinkSync(resolve(name), join(folder, name));
  // The file that docs/assertions.md shows.
  const yaml = /^ {4}# firewall\.yaml\n((?: {4}.*\n)+)/m.exec(readFileSync("docs/assertions.md", "utf8"))?.[0] ?? "";
  writeFileSync(join(folder, "firewall.yaml"), yaml.replaceAll(/^ {4}/gm, ""));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PAGES = ["README.md", ...readdirSync("docs").flatMap(name => (name.endsWith(".md") ? [join("docs", name)] : []))];
for (const page of PAGES) {
  const commands = shownCommands(readFileSync(page, "utf8"));
  if (commands.length === 0) continue;
  describe(page, () => {
    test.each(commands)("$line: ferrule $words", ({ words, output }) => {
      const tsx = import.meta.resolve("tsx");
      const { stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, resolve("src/cli/main.ts"), ...words], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1", COLUMNS: "120" },
      });
      const said = `${stdout}${stderr}`.split("\n");
      let from = 0;
      for (const line of output) {
        const at = said.indexOf(line, from);
        expect(at, `${line}\nis not in\n${said.slice(from).join("\n")}`).toBeGreaterThanOrEqual(0);
        from = at + 1;
      }
    });
  });
}

test("docs/lints.md has a section for every finding", async () => {
  const { stdout } = await ferrule("lint", "--explain");
  const codes = [...stdout.matchAll(/^F\d\d/gm)].map(([code]) => code);
  const text = readFileSync("docs/lints.md", "utf8");
  expect(codes.length).toBeGreaterThan(30);
  for (const code of codes) expect(text).toContain(`\n## ${code}\n`);
});
