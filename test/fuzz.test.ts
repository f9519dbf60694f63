import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tryTarget } from "./fuzz/run.ts";
import { TARGETS } from "./fuzz/targets.ts";

/**
 * Hostile input to everything that reads any: whatever it is, nothing is thrown, nothing hangs, faults have places within the input, and what is
 * accepted prints as a fixpoint. Briefly and with one seed here; `npm run fuzz` goes on for as long as it is told, with new ones.
 */

const SEED = 1;
const MILLISECONDS = 1000;

test.each(TARGETS)("$name keeps its laws", target => {
  const { runs, finding } = tryTarget(target, { seed: SEED, milliseconds: MILLISECONDS });
  expect(finding).toBeUndefined();
  // A busy machine runs few; none prove nothing.
  expect(runs).toBeGreaterThan(2);
});

const CASES = "test/fuzz/cases";
describe("what a fuzz found once", () => {
  for (const { name, law } of TARGETS)
    for (const file of existsSync(`${CASES}/${name}`) ? readdirSync(`${CASES}/${name}`) : [])
      test(`${name}/${file}`, () => {
        const input: unknown = JSON.parse(readFileSync(`${CASES}/${name}/${file}`, "utf8"));
        law(input);
      });

  test("belongs to targets that there are", () => {
    const names: readonly string[] = TARGETS.map(({ name }) => name);
    expect(readdirSync(CASES).filter(name => !names.includes(name))).toEqual([]);
  });
});
