import { expect, it } from "vitest";
import { NO_DOCUMENTS } from "../state/documents.ts";
import { moreSteps, traceInParts } from "./parts.ts";
import { traceText } from "./work.ts";

const CHANCE = { now: 1_700_000_000_000_000, random: () => 4 };
const RULES = [
  "*filter",
  ":INPUT DROP [0:0]",
  ...Array.from({ length: 4000 }, (_, at) => `-A INPUT -p tcp --dport ${at + 1} -j ACCEPT`),
  "COMMIT",
  "",
];
const TEXTS = { ...NO_DOCUMENTS, rules4: RULES.join("\n") };

it("all parts together are the whole answer", () => {
  const question = "udp 10.0.0.5 > 10.0.0.1:9 in eth0";
  const whole = traceText(TEXTS, question, CHANCE);
  const parts = traceInParts(TEXTS, question, CHANCE);
  if (!("id" in parts) || !("traced" in whole)) throw new Error("no answer");
  const steps = [...parts.traced.steps];
  expect(steps.length).toBeLessThan(whole.traced.steps.length);
  for (let more = moreSteps(parts.id, steps.length); more.length > 0; more = moreSteps(parts.id, steps.length)) steps.push(...more);
  expect(steps).toEqual(whole.traced.steps);
  expect(steps.length).toBe(parts.count);
});

it("parts of an answer that another took the place of are not given", () => {
  const first = traceInParts(TEXTS, "udp 10.0.0.5 > 10.0.0.1:9 in eth0", CHANCE);
  traceInParts(TEXTS, "udp 10.0.0.5 > 10.0.0.1:10 in eth0", CHANCE);
  expect("id" in first && moreSteps(first.id, 10)).toEqual([]);
});

it("rules that lead a packet in circles of chains are told up to a limit", () => {
  const depth = 16;
  const chains = Array.from({ length: depth }, (_, at) => at);
  const rules4 = [
    "*filter",
    ":INPUT DROP [0:0]",
    ...chains.map(at => `:c${at} - [0:0]`),
    "-A INPUT -j c0",
    ...chains.slice(1).flatMap(at => [`-A c${at - 1} -j c${at}`, `-A c${at - 1} -j c${at}`]),
    "COMMIT",
    "",
  ].join("\n");
  const result = traceText({ ...NO_DOCUMENTS, rules4 }, "udp 10.0.0.5 > 10.0.0.1:9 in eth0", CHANCE);
  if (!("traced" in result)) throw new Error("no answer");
  expect(result.traced.steps.length).toBe(60_001);
  expect(result.traced.steps.at(-1)).toMatchObject({ event: "cut", text: "more than 60000 steps: the rest is not told" });
  expect(result.traced.summary).toBe("The packet is dropped by the policy of filter INPUT.");
});
