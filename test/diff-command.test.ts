import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ferrule } from "./faults/command-line.ts";

/** `ferrule diff` as people call it: exit statuses, both families, words that contradict each other. */

const rules = (...lines: string[]): string =>
  `*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n${lines.map(line => `${line}\n`).join("")}COMMIT\n`;

let folder = "";
const at = (name: string): string => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ferrule-diff-"));
  const known = "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT";
  writeFileSync(at("old.v4"), rules(known));
  writeFileSync(at("new.v4"), rules(known, "-A INPUT -p tcp --dport 22 -j ACCEPT"));
  writeFileSync(at("old.v6"), rules(known, "-A INPUT -s 2001:db8::/32 -p tcp --dport 22 -j ACCEPT"));
  writeFileSync(at("new.v6"), rules(known, "-A INPUT -p tcp --dport 22 -j ACCEPT"));
  writeFileSync(at("broken"), rules("-A INPUT --nonsense"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, readonly string[], number, string]>([
  ["the same file", ["old.v4", "old.v4"], 0, "equal"],
  ["another file", ["old.v4", "new.v4"], 1, "+ ssh (tcp 22)"],
  ["the other way round", ["new.v4", "old.v4"], 1, "- ssh (tcp 22)"],
  ["with logging", ["old.v4", "old.v4", "--strict"], 0, "with the same logging and marks"],
  ["both families", ["old.v4", "new.v4", "--v6", "old.v6", "--v6-after", "new.v6"], 1, "IPv6, to this machine"],
  ["two families of one ruleset", ["--v4-v6", "new.v4", "--v6", "old.v6"], 1, "- ssh (tcp 22)"],
  ["two families that agree", ["--v4-v6", "new.v4", "--v6", "new.v6"], 0, "offer the same services"],
  ["a machine", ["old.v4", "new.v4", "--if", "wan0=198.51.100.2/24"], 1, "> 198.51.100.2:22 syn in wan0"],
])("%s", async (_, args, status, text) => {
  const result = await ferrule("diff", ...args.map(word => (word.startsWith("-") || word.includes("=") ? word : at(word))));
  expect([result.status, result.stdout.includes(text) ? text : result.stdout]).toEqual([status, text]);
});

test.each<[string, readonly string[], string]>([
  ["one file", ["old.v4"], "a second ruleset to compare it with is missing (or --v4-v6)"],
  ["no such file", ["old.v4", "gone"], "cannot be read"],
  ["a fault in a file", ["old.v4", "broken"], 'unknown option "--nonsense"'],
  ["IPv6 rules of one side", ["old.v4", "new.v4", "--v6", "old.v6"], "--v6 and --v6-after belong together"],
  ["standard input twice", ["-", "-"], "standard input can be one of the two"],
  ["three rulesets", ["--v4-v6", "old.v4", "new.v4"], "name the IPv6 rules with --v6"],
  ["strict families", ["--v4-v6", "old.v4", "--strict"], "goes neither with --strict nor with --v6-after"],
])("refused: %s", async (_, args, text) => {
  const result = await ferrule("diff", ...args.map(word => (word.startsWith("-") ? word : at(word))));
  expect([result.status, result.stdout, result.stderr.includes(text) ? text : result.stderr]).toEqual([2, "", text]);
});

test("JSON", async () => {
  const { stdout, status } = await ferrule("diff", at("old.v4"), at("new.v4"), "--json");
  expect(status).toBe(1);
  const { rows, ...report } = JSON.parse(stdout) as { readonly rows: readonly unknown[] };
  expect(report).toMatchObject({ ferrule: "diff", version: 1, equal: false, families: [4] });
  expect(rows[0]).toMatchObject({ change: "opens", path: "in", about: "session" });
  // Whatever the text folds stands here: packets of no connection that the rule lets through as well.
  expect(rows).toContainEqual(expect.objectContaining({ change: "opens", about: "packet", state: "INVALID" }));
});
