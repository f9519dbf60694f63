import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";

/**
 * What a person sees. `test/golden/NAME.args` holds the arguments of `ferrule`, one a line (lines with `#` are notes), and `NAME.out` what it must
 * print, standard error first. UPDATE=1 rewrites the outputs; review them with git diff.
 */
const FOLDER = "test/golden";
const cases = readdirSync(FOLDER)
  .filter(name => name.endsWith(".args"))
  .map(name => name.slice(0, -".args".length));

test.each(cases)("ferrule prints what %s.out says", name => {
  const args = readFileSync(`${FOLDER}/${name}.args`, "utf8")
    .split("\n")
    .filter(line => line !== "" && !line.startsWith("#"));
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", COLUMNS: "120" },
    timeout: 60_000,
  });
  const seen = `${stderr}${stdout}[exit ${status}]\n`;
  const file = `${FOLDER}/${name}.out`;
  if (process.env["UPDATE"] || !existsSync(file)) writeFileSync(file, seen);
  expect(seen).toBe(readFileSync(file, "utf8"));
});
