/** `npx tsx test/kernel/optimize-main.ts`: the same packets through random rulesets and through what `ferrule optimize` makes of them, both in the kernel. */
import { parseArgs } from "node:util";
import { safelyOptimized } from "../../src/analysis/optimize/index.ts";
import { printSave, readSave } from "../../src/syntax/index.ts";
import { comparableLines, makeCase } from "./case.ts";
import { counted } from "./counted.ts";
import { seededRandom } from "./generate/random.ts";
import { rulesetText } from "./generate/ruleset.ts";
import { KernelReferee } from "./kernel-referee.ts";
import { narrowRules } from "./narrow-rules.ts";
import { inNamespace, reenter, whyNot } from "./namespace.ts";

const { values } = parseArgs({
  options: {
    family: { type: "string" },
    seed: { type: "string", default: "1" },
    rulesets: { type: "string", default: "20" },
    packets: { type: "string", default: "200" },
  },
});

process.exitCode = main();

function main(): number {
  if (inNamespace()) return runFamily(values.family === "6" ? 6 : 4);
  const reason = whyNot();
  if (reason !== undefined) {
    process.stdout.write(`optimize comparison skipped: ${reason}\n`);
    return 2;
  }
  const families = values.family === undefined ? ["4", "6"] : [values.family];
  return Math.max(...families.map(family => reenter(["--family", family])));
}

function runFamily(family: 4 | 6): number {
  const kernel = new KernelReferee(family, "silent");
  let [compared, packets, unrepeatable, refused, wrong] = [0, 0, 0, 0, 0];
  for (let seed = Number(values.seed); compared < Number(values.rulesets) && wrong < 5; seed++) {
    const random = seededRandom(seed + 77);
    const [one] = makeCase(kernel, seed, family, { tier: "plain", packets: Number(values.packets) });
    const text = narrowRules(rulesetText(one.tables), random, family);
    const { ruleset } = readSave(text, "rules", { family });
    const safe = ruleset && safelyOptimized(counted(ruleset, random), { makeSets: false, splitFrom: 3, removeDead: random.oneIn(2) });
    if (!safe || "reason" in safe || safe.result.changes.length === 0) {
      refused++;
      continue;
    }
    const runs = [text, text, printSave(safe.result.ruleset)].map(rules => {
      const fault = kernel.load(rules);
      if (fault !== undefined) throw new Error(`seed ${seed}: ${fault}`);
      return one.steps.map(step => kernel.step(step));
    });
    const differs = (left: number, right: number): number =>
      one.steps.findIndex((step, at) => {
        const [a, b] = comparableLines(step, runs[left]?.[at] ?? NOTHING, runs[right]?.[at] ?? NOTHING);
        return a.join("\n") !== b.join("\n");
      });
    if (differs(0, 1) >= 0) {
      // The kernel rolled its own dice: such a case says nothing.
      unrepeatable++;
      continue;
    }
    compared++;
    packets += one.steps.length;
    const at = differs(0, 2);
    if (at < 0) continue;
    wrong++;
    process.stdout.write(
      `\n=== difference, seed ${seed}, step ${at + 1}: ${one.steps[at]?.note} ===\n${text}\n${printSave(safe.result.ruleset)}`,
    );
  }
  process.stdout.write(
    `IPv${family}: ${compared} rulesets, ${packets} packets through both forms, ${unrepeatable} not repeatable, ${refused} unchanged or refused, ${wrong} differences\n`,
  );
  return wrong === 0 ? 0 : 1;
}

const NOTHING = { delivered: [], emitted: [], logged: [], error: "nothing said" };
