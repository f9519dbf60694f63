/** The law that an optimised filter equals the original, by a solver that shares nothing with the proof that optimize makes. */
import { optimized } from "../../src/analysis/optimize/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { seededRandom } from "../kernel/generate/random.ts";
import { differ } from "./equivalence.ts";
import { randomFilter, withoutConditions } from "./random-filter.ts";
import type { SatSolver } from "./solver.ts";

/** What came of it. */
export interface OptimizedTried {
  readonly rulesets: number;
  /** Rulesets in which something was changed. */
  readonly changed: number;
  readonly disagreements: readonly string[];
}

/** Random filters, optimised in every way. */
export async function optimizeLaw(solver: SatSolver, from: number, rulesets: number): Promise<OptimizedTried> {
  const disagreements: string[] = [];
  let changed = 0;
  for (let seed = from; seed < from + rulesets; seed++) {
    const random = seededRandom(seed);
    const before = withoutConditions(random, randomFilter(random, random.oneIn(3) ? 6 : 4));
    const result = optimized(counted(before, random.below), { splitFrom: 4, merge: true, reorder: true });
    if (result.changes.length === 0) continue;
    changed++;
    for (const hook of ["INPUT", "FORWARD", "OUTPUT"]) {
      const answer = await solver.solve(differ(before, result.ruleset, hook).smtLib);
      if (answer.sat) disagreements.push(`seed ${seed}: ${hook} differs`);
    }
  }
  return { rulesets, changed, disagreements };
}

/** Rules with counters, so that there is an order to prefer. */
function counted(ruleset: Ruleset, below: (limit: number) => number): Ruleset {
  const tables = new Map(
    [...ruleset.tables].map(([name, table]) => [
      name,
      {
        ...table,
        chains: new Map(
          [...table.chains].map(([chain, each]) => [
            chain,
            {
              ...each,
              counters: { packets: BigInt(below(1000)), bytes: 0n },
              rules: each.rules.map(rule => ({ ...rule, counters: { packets: BigInt(below(1000)), bytes: 0n } })),
            },
          ]),
        ),
      },
    ]),
  );
  return { ...ruleset, tables };
}
