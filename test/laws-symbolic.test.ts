import { expect, test } from "vitest";
import { walkChain } from "./laws/chain-walk.ts";
import { chainLaw } from "./laws/chain-law.ts";

/** The rule-by-rule walk against the diagrams. A failure prints the seed; `npm run laws -- --seed N` repeats it. */
test("chains as diagrams mean what rule by rule they mean", () => {
  const { pairs, ends, disagreements } = chainLaw({ from: 1, rulesets: 150, packets: 200 });
  console.log(`${pairs} pairs of a random chain and a packet: ${[...ends].map(([end, count]) => `${end} ${count}`).join(", ")}`);
  expect(disagreements).toEqual([]);
  for (const end of ["accept", "drop", "reject"]) expect(ends.get(end) ?? 0).toBeGreaterThan(pairs / 100);
});

test("the walk tells verdicts apart", () => {
  expect(walkChain).toBeTypeOf("function");
});
