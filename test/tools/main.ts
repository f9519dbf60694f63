// npm run tools -- [--commands N] [--seed S] [--whole]: random commands through the real tools, in a namespace, and through ours.
import { parseArgs } from "node:util";
import { campaign, describe } from "./campaign.ts";
import { whyNoTools } from "./real.ts";

const { values } = parseArgs({
  options: {
    commands: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    whole: { type: "boolean" },
    most: { type: "string", default: "1000" },
  },
});
const reason = whyNoTools();
if (reason !== undefined) {
  console.error(`the real tools cannot be asked: ${reason}`);
  process.exit(2);
}
let told = 0;
const { commands, sequences, beyond, differences } = campaign(Number(values.seed), Number(values.commands), difference => {
  if (told++ < Number(values.most)) console.log(`${describe(difference, values.whole)}\n`);
});
console.log(
  `${commands} commands in ${sequences} sequences from seed ${values.seed}: ${differences.length} differences; ${beyond} sequences ended where the kernel lacks a module`,
);
process.exitCode = differences.length ? 1 : 0;
