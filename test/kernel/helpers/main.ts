/**
 * Compares helpers with the kernel's on random conversations: node --import tsx main.ts [--seed N] [--cases N] [--only HELPER]
 * [--record FILE]. Runs in a network namespace of its own.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { printAddress } from "../../../src/packet/index.ts";
import { seededRandom } from "../generate/random.ts";
import { inNamespace, reenter, whyNot } from "../namespace.ts";
import { playCase, type Played } from "./case.ts";
import { kernelLab, ourLab } from "./labs.ts";
import { PROTOCOLS } from "./phrases.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    cases: { type: "string", default: "200" },
    only: { type: "string" },
    most: { type: "string", default: "5" },
    record: { type: "string" },
  },
});

const reason = whyNot();
if (reason !== undefined) {
  console.log(`helper comparison skipped: ${reason}`);
  process.exit(0);
}
if (!inNamespace()) process.exit(reenter());

const kernel = kernelLab();
const ours = ourLab();
const chosen = PROTOCOLS.filter(({ helper }) => values.only === undefined || values.only === helper);
const first = Number(values.seed);
const counts = { cases: 0, packets: 0, expectations: 0, used: 0, disagreements: 0 };
const recorded: Played[] = [];
for (let seed = first; seed < first + Number(values.cases) && counts.disagreements < Number(values.most); seed++) {
  const random = seededRandom(seed);
  const protocol = random.pick(chosen);
  const played = playCase(random, protocol, kernel, ours);
  counts.cases++;
  counts.packets += played.steps.length;
  counts.expectations += played.expected;
  counts.used += played.used;
  if (played.disagreement === undefined) recorded.push(played);
  else {
    counts.disagreements++;
    console.log(`=== seed ${seed}, ${protocol.helper} over IPv${played.setting.family}\n${played.disagreement}\n`);
  }
}
console.log(
  `helpers: ${counts.cases} conversations, ${counts.packets} packets compared with the kernel, ${counts.expectations} expectations, ${counts.used} of them used, ${counts.disagreements} disagreements`,
);
const plain = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? printAddress(value) : value);
if (values.record !== undefined) writeFileSync(values.record, recorded.map(one => `${JSON.stringify(one, plain)}\n`).join(""));
process.exitCode = counts.disagreements > 0 ? 1 : 0;
