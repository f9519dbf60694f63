import { expect, test } from "vitest";
import type { Case } from "./case.ts";
import { makeCase, outcomeLines, replayCase } from "./case.ts";
import { differences } from "./compare.ts";
import { generateRuleset, rulesetText } from "./generate/ruleset.ts";
import { seededRandom } from "./generate/random.ts";
import type { CounterMap, Outcome, Referee, Step } from "./referee.ts";
import { loadCase, saveCase, type SavedCase } from "./saved-case.ts";
import { shrink } from "./shrink.ts";

/** A referee without a kernel: it delivers everything, but for packets that `refuse` names. */
function fake(refuse: (rules: string, step: Step) => boolean): Referee {
  let rules = "";
  let delivered = 0;
  return {
    load(text) {
      rules = text;
      delivered = 0;
      return undefined;
    },
    step(step): Outcome {
      const frames = step.do === "wait" || refuse(rules, step) ? [] : [{ device: "eth0", bytes: step.bytes, mark: 0 }];
      delivered += frames.length;
      return { delivered: frames, emitted: [], logged: [], error: "" };
    },
    counters: (): CounterMap => new Map([["filter/INPUT/policy", [delivered, 0]]]),
    connections: () => [],
  };
}

const honest = (): Referee => fake(() => false);

test("the same seed makes the same case", () => {
  const [first] = makeCase(honest(), 42, 4, { tier: "plain", packets: 200 });
  const [second] = makeCase(honest(), 42, 4, { tier: "plain", packets: 200 });
  expect(second).toEqual(first);
  expect(makeCase(honest(), 43, 4, { tier: "plain", packets: 200 })[0]).not.toEqual(first);
});

test("two honest referees agree, a liar is caught", () => {
  const [one, record] = makeCase(honest(), 7, 6, { tier: "plain", packets: 100 });
  expect(differences(one, record, replayCase(honest(), one))).toEqual([]);
  const liar = fake((_, step) => step.note.includes("stray"));
  const found = differences(one, record, replayCase(liar, one));
  expect(found.map(difference => difference.about)).toEqual(["outcome"]);
});

test("a disagreement shrinks to the packet and the rule that it needs", () => {
  const [one] = makeCase(honest(), 3, 4, { tier: "plain", packets: 300 });
  const filter = one.tables.find(table => table.name === "filter");
  const culprit = filter?.rules.at(-1)?.text ?? "";
  expect(culprit).not.toBe("");
  const liar = fake((rules, step) => rules.includes(culprit) && step.note.includes("syn"));
  const small = shrink({ kernel: honest(), engine: (smaller: Case) => replayCase(liar, smaller) }, one, "outcome", 400);
  expect(small?.one.steps.length).toBe(1);
  expect(small?.one.tables.flatMap(table => table.rules.map(rule => rule.text))).toEqual([culprit]);
});

test("a saved case loads as it was", () => {
  const [one] = makeCase(honest(), 11, 4, { tier: "time", packets: 50 });
  const back = loadCase(JSON.parse(saveCase(one, "test")) as SavedCase);
  expect(rulesetText(back.tables)).toBe(rulesetText(one.tables));
  expect(back.steps).toEqual(one.steps);
});

const packet = (id: number): Uint8Array =>
  Uint8Array.from([0x45, 0, 0, 20, id >> 8, id & 255, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);

test("only ids that the kernel chose are masked", () => {
  const step: Step = { do: "inject", device: "eth0", bytes: packet(7), note: "" };
  const outcome = (id: number): Outcome => ({
    delivered: [],
    emitted: [{ device: "eth0", bytes: packet(id), mark: 0 }],
    logged: [],
    error: "",
  });
  expect(outcomeLines(outcome(8), step)).toEqual(outcomeLines(outcome(9), step));
  expect(outcomeLines(outcome(7), step)).not.toEqual(outcomeLines(outcome(9), step));
});

test("rulesets differ from seed to seed and name every table once", () => {
  const texts = new Set(Array.from({ length: 50 }, (_, seed) => rulesetText(generateRuleset(seededRandom(seed), 4, "plain"))));
  expect(texts.size).toBe(50);
  for (const text of texts) expect(text.match(/^\*\w+$/gm)).toEqual(["*raw", "*mangle", "*nat", "*filter", "*security"]);
});
