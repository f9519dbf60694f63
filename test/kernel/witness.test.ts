import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Root and namespaces are not everywhere; the program says why it skips, and ends with 2. */
const SKIPPED = 2;

test("openers of witnesses do in the kernel what they claim", context => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "test/kernel/witness-main.ts", "--rulesets", "3", "--seed", "1"],
    { encoding: "utf8" },
  );
  console.log(stdout.trim());
  if (status === SKIPPED && stdout.includes("skipped")) return context.skip(stdout.trim());
  expect(stderr).toBe("");
  expect(status).toBe(0);
  for (const family of ["IPv4", "IPv6"]) expect(stdout).toMatch(new RegExp(`${family}: 3 rulesets, [1-9]`));
}, 120_000);
