import { expect, test } from "vitest";
import { emptyState, runTool } from "../src/syntax/index.ts";
import { campaign, comparable, describe } from "./tools/campaign.ts";
import { caseSequences } from "./tools/cases.ts";
import measured from "./tools/measured.json" with { type: "json" };
import { whyNoTools } from "./tools/real.ts";
import { typed, type Answer } from "./tools/step.ts";

/** The commands as people know them, against what iptables 1.8.9 said to the same commands: lists by hand, and random ones where it can be asked. */

const MEASURED: Readonly<Record<string, readonly Answer[] | undefined>> = measured;

test.each(caseSequences())("$title", ({ title, sequence }) => {
  let state = emptyState();
  for (const [i, step] of sequence.steps.entries()) {
    const done = runTool(step.name, step.argv, step.stdin, state);
    const real = MEASURED[title]?.[i] ?? expect.fail(`${title} was not measured: npm run tools -- --record`);
    expect(comparable(done, sequence), typed(step)).toBe(comparable(real, sequence));
    if (done.status !== 0) expect(done.state.v4, "nothing is changed by what fails").toEqual(state.v4);
    ({ state } = done);
  }
});

const COMMANDS = 200;
const SEED = Number(process.env["FERRULE_SEED"] ?? 1);
const reason = whyNoTools();
if (reason !== undefined) console.info(`random commands are not compared with the real tools: ${reason}`);

test.skipIf(reason !== undefined)(`${COMMANDS} random commands are answered as the real tools answer them`, () => {
  const { commands, differences, beyond } = campaign(SEED, COMMANDS);
  console.info(`${commands} commands compared from seed ${SEED}; ${beyond} sequences ended where the kernel lacks a module`);
  expect(differences.map(each => describe(each, true)).join("\n")).toBe("");
});
