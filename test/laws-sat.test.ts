import { afterAll, describe, expect, test } from "vitest";
import { memberText, type SetTest } from "../src/predicate/index.ts";
import { seededRandom } from "./kernel/generate/random.ts";
import { walkChain } from "./laws/chain-walk.ts";
import { differ } from "./laws/equivalence.ts";
import { randomFilter, withChange } from "./laws/random-filter.ts";
import { loadSolver } from "./laws/solver.ts";

const loaded = await loadSolver();
const solver = typeof loaded === "string" ? undefined : loaded;
if (typeof loaded === "string") console.log(`skipped: the cross-check with a SAT solver, because ${loaded}`);
afterAll(() => solver?.close());

const QUESTIONS = 200;

describe.skipIf(!solver)("a SAT solver on the same predicates", () => {
  test(`finds differences that are there, in ${QUESTIONS} random questions`, { timeout: 300_000 }, async () => {
    let different = 0;
    for (let seed = 1; seed <= QUESTIONS; seed++) {
      const random = seededRandom(seed);
      const family = random.oneIn(3) ? 6 : 4;
      const one = randomFilter(random, family);
      const chain = random.pick(["INPUT", "FORWARD", "OUTPUT"]);
      const other = withChange(random, one, chain);
      const question = differ(one, other, chain);
      const answer = await solver?.solve(question.smtLib);
      if (!answer?.sat) continue;
      different++;
      const { model } = answer;
      const fields = question.packet(model);
      const whim = {
        opaque: ({ about }: { about: string }) => question.condition(model, `condition ${about}`),
        member: (set: SetTest) => question.condition(model, `set ${memberText(set)}`),
      };
      const ends = [one, other].map(ruleset => walkChain(ruleset, "filter", chain, fields, whim).verdict);
      expect({ seed, fields, same: ends[0] === ends[1] }).toEqual({ seed, fields, same: false });
    }
    console.log(`${different} of ${QUESTIONS} pairs differ, each shown by a packet`);
    expect(different).toBeGreaterThan(20);
    expect(different).toBeLessThan(QUESTIONS - 20);
  });
});
