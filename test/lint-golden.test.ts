import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ferrule } from "./faults/command-line.ts";

/**
 * What lint finds in the rulesets of `test/golden`, notes too: `NAME.findings` beside `NAME.rules`. UPDATE=1 rewrites them; review them with git
 * diff.
 */
const FOLDER = "test/golden";
const names = readdirSync(FOLDER)
  .filter(name => name.endsWith(".rules"))
  .map(name => name.slice(0, -".rules".length));

test.each(names)("the findings in %s.rules", async name => {
  const { stdout, status } = await ferrule("lint", `${FOLDER}/${name}.rules`, "--lenient", "--level", "info");
  const seen = `${stdout}[exit ${status}]\n`;
  const file = `${FOLDER}/${name}.findings`;
  if (process.env["UPDATE"] || !existsSync(file)) writeFileSync(file, seen);
  expect(seen).toBe(readFileSync(file, "utf8"));
});
