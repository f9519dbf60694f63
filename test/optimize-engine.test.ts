import { expect, test } from "vitest";
import { safelyOptimized } from "../src/analysis/optimize/index.ts";
import { printSave, readSave } from "../src/syntax/index.ts";
import { comparableLines, makeCase } from "./kernel/case.ts";
import { counted } from "./kernel/counted.ts";
import { EngineReferee } from "./kernel/engine-referee.ts";
import { seededRandom } from "./kernel/generate/random.ts";
import { rulesetText } from "./kernel/generate/ruleset.ts";
import { narrowRules } from "./kernel/narrow-rules.ts";

/**
 * Optimised rulesets through the engine, beside the originals: random rules of every extension with rules among them that can be merged, moved and
 * split, and the packets of the kernel comparison, packet after packet with all that is tracked. Deliveries, rewrites and log lines must be the same.
 */

const PACKETS = 80;

interface Tried {
  readonly changed: number;
  readonly refused: readonly string[];
  readonly wrong: readonly string[];
}

function tryAll(family: 4 | 6, seeds: readonly number[]): Tried {
  let changed = 0;
  const refused: string[] = [];
  const wrong: string[] = [];
  for (const seed of seeds) {
    const random = seededRandom(seed + 77);
    const [one] = makeCase(new EngineReferee(family, "silent"), seed, family, { tier: "plain", packets: PACKETS });
    const text = narrowRules(rulesetText(one.tables), random, family);
    const { ruleset } = readSave(text, "rules", { family });
    if (!ruleset) continue;
    const safe = safelyOptimized(counted(ruleset, random), { makeSets: false, splitFrom: 3, removeDead: random.oneIn(2) });
    if ("reason" in safe) {
      refused.push(`seed ${seed}: ${safe.reason}`);
      continue;
    }
    if (safe.result.changes.length > 0) changed++;
    const [before, after] = [new EngineReferee(family, "silent"), new EngineReferee(family, "silent")];
    if (before.load(text) !== undefined) continue;
    const fault = after.load(printSave(safe.result.ruleset));
    if (fault !== undefined) wrong.push(`seed ${seed}: ${fault}`);
    for (const [at, step] of one.steps.entries()) {
      const [left, right] = comparableLines(step, before.step(step), after.step(step));
      if (left.join("\n") === right.join("\n")) continue;
      wrong.push(`seed ${seed}, step ${at + 1}, ${step.note}: ${left.join("; ")} became ${right.join("; ")}`);
      break;
    }
  }
  return { changed, refused, wrong };
}

const SEEDS = Array.from({ length: 6 }, (_, at) => 3000 + at);

test.each([4, 6] as const)("IPv%d: packets fare alike in optimised rules", { timeout: 120_000 }, family => {
  const { changed, refused, wrong } = tryAll(family, SEEDS);
  expect(wrong).toEqual([]);
  expect(changed).toBeGreaterThan(SEEDS.length / 2);
  // iptables-save cannot print every random rule as it is.
  for (const reason of refused) expect(reason).toContain("would not print this rule");
});
