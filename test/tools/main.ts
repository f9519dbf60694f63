// npm run tools -- [--commands N] [--seed S] [--whole] | --record: random commands through the real tools, in a namespace, and through ours.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { campaign, describe, untouched, withoutDate } from "./campaign.ts";
import { caseSequences } from "./cases.ts";
import { askReal, whyNoTools } from "./real.ts";
import type { Answer } from "./step.ts";

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    whole: { type: "boolean" },
    record: { type: "boolean" },
    most: { type: "string", default: "1000" },
  },
});
const reason = whyNoTools();
if (reason !== undefined) {
  console.error(`the real tools cannot be asked: ${reason}`);
  process.exit(2);
}
if (values.record) {
  const answers = caseSequences().map(({ title, sequence }): [string, readonly Answer[]] => [title, askReal(sequence).map(withoutDate)]);
  writeFileSync(new URL("measured.json", import.meta.url), `${JSON.stringify(Object.fromEntries(answers), undefined, 1)}\n`);
  console.log(`${answers.length} lists measured`);
  process.exit(0);
}
let told = 0;
const outcome = campaign(Number(values.seed), Number(values.commands), difference => {
  if (told++ < Number(values.most)) console.log(`${describe(difference, values.whole)}\n`);
});
const { commands, sequences, beyond, differences } = outcome;
console.log(
  `${commands} commands in ${sequences} sequences from seed ${values.seed}: ${differences.length} differences; ${beyond} sequences ended where the kernel lacks a module`,
);
console.log(
  `extensions in accepted commands: ${outcome.accepted.size} of either family; in none: ${untouched(outcome).join(", ") || "no other"}`,
);
process.exitCode = differences.length ? 1 : 0;
