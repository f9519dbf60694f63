import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { printNft, readRules } from "../src/syntax/index.ts";
import { whyNot } from "./kernel/namespace.ts";

const MAIN = fileURLToPath(new URL("kernel/nft-main.ts", import.meta.url));
const CORPUS = fileURLToPath(new URL("../../shared/corpus/", import.meta.url));
const reason = whyNot();
if (reason !== undefined) console.log(`nft comparison skipped: ${reason}`);
const corpus = existsSync(CORPUS);
if (!corpus) console.log("nft over the corpus skipped: no ../shared/corpus");

test.skipIf(reason !== undefined)("the kernel does the same by our nft form as by iptables' own", () => {
  const ran = spawnSync(process.execPath, ["--import", "tsx", MAIN, "--rulesets", "12", "--packets", "150"], { encoding: "utf8" });
  const output = ran.stdout + ran.stderr;
  for (const family of [4, 6]) {
    const [, rulesets, packets, wrong] =
      new RegExp(
        `IPv${family}: (\\d+) rulesets, \\d+ rules, (\\d+) packets through both forms, \\d+ not repeatable, (\\d+) differences`,
      ).exec(output) ?? [];
    console.log(`IPv${family}: ${rulesets} rulesets, ${packets} packets through both forms`);
    expect(Number(packets), output).toBeGreaterThan(1000);
    expect(Number(wrong), output).toBe(0);
  }
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap(name =>
    statSync(`${folder}/${name}`).isDirectory() ? filesUnder(`${folder}/${name}`) : [`${folder}/${name}`],
  );
}

const MOST_BYTES = 100_000;

test.skipIf(reason !== undefined || !corpus)("nft takes what we print of real rulesets", () => {
  let loaded = 0;
  const refused: string[] = [];
  for (const file of ["real-save", "golden-save", "ufw-test-result"].flatMap(folder => filesUnder(CORPUS + folder))) {
    const text = readFileSync(file, "utf8");
    if (text.length > MOST_BYTES) continue;
    const { ruleset, faults } = readRules(text, file);
    if (ruleset === undefined || faults.length > 0) continue;
    const printed = printNft([ruleset]);
    // What nft cannot say is refused with the rule's line, and nothing is printed.
    if (printed.faults.length > 0) {
      expect(printed.text).toBe("");
      for (const fault of printed.faults) expect(fault.line).toBeGreaterThan(0);
      continue;
    }
    // A kernel may lack nft_queue and nft_flow, which is no fault of the text.
    const ran = spawnSync("unshare", ["-n", "nft", "-c", "-f", "-"], { input: printed.text, encoding: "utf8" });
    if (ran.status === 0) loaded++;
    else if (!/queue/.test(ran.stderr)) refused.push(`${file}: ${ran.stderr.split("\n")[0]}`);
  }
  console.log(`${loaded} rulesets loaded`);
  expect(refused).toEqual([]);
  expect(loaded).toBeGreaterThan(200);
});
