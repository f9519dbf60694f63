// npm run corpus -- DIR [--only NAME] [--most N]: every comparison over a folder of measured answers.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { SUITES } from "../test/corpus/suites.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", multiple: true }, most: { type: "string", default: "10" } },
});
const dir = positionals[0];
if (!dir || !existsSync(`${dir}/expected`)) {
  console.error("usage: npm run corpus -- DIR [--only SUITE] [--most N]\nDIR holds expected/ with the measured answers");
  process.exit(2);
}

let wrong = 0;
for (const suite of SUITES.filter(({ name }) => !values.only || values.only.includes(name))) {
  const { name, agreed, total, outOfReach, disagreements } = await suite.run(dir);
  console.log(`${name}: agreed ${agreed} / ${total}`);
  const beyond = [...outOfReach].toSorted((a, b) => b[1] - a[1]);
  if (beyond.length)
    console.log(
      `  out of reach ${beyond.reduce((n, [, count]) => n + count, 0)}: ${beyond.map(([why, count]) => `${why} ${count}`).join(", ")}`,
    );
  const most = Number(values.most);
  for (const { id, expected, got } of disagreements.slice(0, most))
    console.log(`  differs: ${id}\n    expected: ${indent(expected)}\n    got:      ${indent(got)}`);
  if (disagreements.length > most) console.log(`  (and ${disagreements.length - most} more)`);
  wrong += disagreements.length;
}
console.log(wrong ? `${wrong} disagreements` : "every case within reach agrees");
process.exitCode = wrong ? 1 : 0;

function indent(text: string): string {
  return text.replaceAll("\n", "\n              ");
}
