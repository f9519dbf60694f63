import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { whyNot } from "./namespace.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const reason = whyNot();
if (reason !== undefined) console.log(`kernel comparison skipped: ${reason}`);

/** Runs the harness in its own process, which enters its own network namespace. */
function campaign(...args: string[]): { readonly status: number; readonly output: string } {
  const ran = spawnSync(process.execPath, ["--import", "tsx", MAIN, "--quiet", ...args], { encoding: "utf8", maxBuffer: 64 << 20 });
  return { status: ran.status ?? -1, output: ran.stdout + ran.stderr };
}

const total = (output: string, family: 4 | 6, what: string): number =>
  Number(new RegExp(`IPv${family}: .*?(\\d+) ${what}`).exec(output)?.[1] ?? -1);

test.skipIf(reason !== undefined)("the kernel loads the generated rulesets and agrees with itself", () => {
  const { output } = campaign("--self", "--tier", "plain", "--rulesets", "30", "--packets", "200", "--patience", "1000", "--attempts", "1");
  for (const family of [4, 6] as const) {
    expect(total(output, family, "packets compared"), output).toBeGreaterThanOrEqual(6000);
    expect(total(output, family, "rulesets refused"), output).toBe(0);
    // NAT's random ports are the kernel's own, in one case of twenty.
    expect(total(output, family, "disagreements"), output).toBeLessThan(10);
  }
});

test.skipIf(reason !== undefined)("the engine does what the kernel does, on kept cases and on random rulesets", () => {
  const { output } = campaign("--rulesets", "10", "--packets", "300", "--seed", "1", "--minutes", "2", "--patience", "20");
  for (const family of [4, 6] as const) {
    const compared = total(output, family, "packets compared");
    console.log(`IPv${family}: ${compared} packets compared with the kernel`);
    expect(compared, output).toBeGreaterThanOrEqual(3000);
    expect(total(output, family, "rulesets refused"), output).toBe(0);
  }
  // A case that the kernel itself does not repeat (its random ports, the clock) is told, and no fault of the engine.
  const found = output.split("=== disagreement, seed ").slice(1);
  expect(found.filter(report => !report.includes("not repeatable in a second run"))).toEqual([]);
});
