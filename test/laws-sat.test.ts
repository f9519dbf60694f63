import { afterAll, describe, expect, test } from "vitest";
import { seededRandom } from "./kernel/generate/random.ts";
import { walkChain } from "./laws/chain-walk.ts";
import { differ } from "./laws/equivalence.ts";
import { freeChains, isBitTest } from "./laws/free-chains.ts";
import { optimizeLaw } from "./laws/optimize-law.ts";
import { randomFilter, withChange, withoutConditions } from "./laws/random-filter.ts";
import { memberName } from "./laws/smt-fields.ts";
import { loadSolver } from "./laws/solver.ts";

const loaded = await loadSolver();
const solver = typeof loaded === "string" ? undefined : loaded;
if (typeof loaded === "string") console.log(`skipped: the cross-check with a SAT solver, because ${loaded}`);
afterAll(() => solver?.close());

const QUESTIONS = 200;
const HOOKS = ["INPUT", "FORWARD", "OUTPUT"] as const;

describe.skipIf(!solver)("a SAT solver on the same predicates", () => {
  test(`agrees with the diagrams on ${QUESTIONS} random questions of equivalence`, { timeout: 300_000 }, async () => {
    const counts = { same: 0, different: 0, coarser: 0 };
    for (let seed = 1; seed <= QUESTIONS; seed++) {
      const random = seededRandom(seed);
      const one = withoutConditions(random, randomFilter(random, random.oneIn(3) ? 6 : 4));
      const hook = random.pick(HOOKS);
      const other = withChange(random, one, hook);
      const question = differ(one, other, hook);
      const answer = await solver?.solve(question.smtLib);
      if (!answer) throw new Error("no answer");

      const { space, chains } = freeChains([one, other]);
      const [a, b] = chains.map(chain => chain(hook));
      const conditions = [a, b].flatMap(diagram => [...space.diagrams.levelsOf(diagram ?? 0)]).map(level => space.levels[level]);
      // Bits of addresses behind a mask with holes are a condition of its own to the diagrams: they may then see a difference where there is none.
      const coarse = conditions.some(isBitTest);
      if (!answer.sat && coarse && a !== b) counts.coarser++;
      else expect({ seed, different: a !== b }).toEqual({ seed, different: answer.sat });
      counts[answer.sat ? "different" : "same"]++;
      if (!answer.sat) continue;

      // The solver's packet ends otherwise, rule by rule.
      const { model } = answer;
      const fields = question.packet(model);
      const whim = {
        opaque: () => false,
        member: (set: Parameters<typeof memberName>[0]) => question.condition(model, memberName(set)),
      };
      const ends = [one, other].map(ruleset => walkChain(ruleset, "filter", hook, fields, whim).verdict);
      expect({ seed, fields, same: ends[0] === ends[1] }).toEqual({ seed, fields, same: false });
    }
    console.log(`${counts.different} pairs differ, ${counts.same} are the same, of these ${counts.coarser} not to the diagrams`);
    expect(Math.min(counts.different, counts.same)).toBeGreaterThan(30);
    expect(counts.coarser).toBeLessThan(QUESTIONS / 20);
  });

  test("says of optimised filters that they are the original ones", { timeout: 300_000 }, async () => {
    if (!solver) return;
    const { rulesets, changed, disagreements } = await optimizeLaw(solver, 1, 30);
    console.log(`seeds 1 to 30: ${changed} of ${rulesets} filters changed`);
    expect(disagreements).toEqual([]);
    expect(changed).toBeGreaterThan(10);
  });
});
