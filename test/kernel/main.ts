/** `npm run kernel`: random rulesets and packets through the real kernel and through the engine. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCampaign, type Plan, type Tally } from "./campaign.ts";
import { replayCase, type Record } from "./case.ts";
import type { Tier } from "./generate/piece.ts";
import { replayWithDice } from "./dice.ts";
import { KernelReferee } from "./kernel-referee.ts";
import { inNamespace, reenter, whyNot } from "./namespace.ts";
import { reportText } from "./report.ts";
import { loadCase, type SavedCase } from "./saved-case.ts";
import { judge, type Bench } from "./shrink.ts";
import { traceCase } from "./trace.ts";

const HELP = `npm run kernel -- [options]
  --minutes N     run for N minutes (default 1; half for each family)
  --seed S        first seed (default 1); each ruleset uses the next one
  --rulesets N    at most N rulesets for each family
  --packets N     packets for each ruleset (default 500)
  --family 4|6    only one family
  --tier T        plain, stateless, slow, time, random, bridge or mixed (default)
  --without A,B   leave these extensions out
  --skip A,B      leave packets out whose note has one of these words: fragments, sctp, error …
  --stack S       silent (default): local processes say nothing; answering: the kernel's own stack answers
  --patience N    stop after N disagreements (default 5)
  --attempts N    runs spent on shrinking each (default 300)
  --case FILE     only this case, as --save keeps it; those in test/kernel/differences show what DIVERGENCES.md tells
  --save DIR      keep shrunken disagreements there, as text and as JSON
  --self          compare the kernel with itself instead of with the engine
  --quiet         no coverage table
`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    rulesets: { type: "string", default: "1000000" },
    packets: { type: "string", default: "500" },
    family: { type: "string" },
    tier: { type: "string", default: "mixed" },
    without: { type: "string", default: "" },
    skip: { type: "string", default: "" },
    stack: { type: "string", default: "silent" },
    patience: { type: "string", default: "5" },
    attempts: { type: "string", default: "300" },
    case: { type: "string" },
    save: { type: "string" },
    self: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (inNamespace()) return runFamily(values.family === "6" ? 6 : 4);
  const reason = whyNot();
  if (reason !== undefined) {
    process.stdout.write(`kernel comparison skipped: ${reason}\n`);
    return 2;
  }
  const families =
    values.case === undefined ? (values.family === undefined ? ["4", "6"] : [values.family]) : [String(caseOf(values.case).family)];
  const minutes = String(Number(values.minutes) / families.length);
  const results = families.map(family => reenter(["--family", family, "--minutes", minutes]));
  return Math.max(...results);
}

async function runFamily(family: 4 | 6): Promise<number> {
  const kernel = new KernelReferee(family, values.stack === "answering" ? "answering" : "silent", values.tier === "bridge");
  const bench: Bench = { kernel, engine: values.self ? selfRuns(kernel) : await engineRuns(family) };
  if (values.case !== undefined) return oneCase(bench, values.case);
  const deadline = performance.now() + Number(values.minutes) * 60_000;
  const plan: Plan = {
    family,
    seed: Number(values.seed),
    rulesets: Number(values.rulesets),
    packets: Number(values.packets),
    without: new Set(values.without.split(",")),
    skip: values.skip.split(",").filter(word => word !== ""),
    tier: values.tier as Tier | "mixed",
    patience: Number(values.patience),
    attempts: Number(values.attempts),
    until: () => performance.now() < deadline,
    progress: line => void process.stderr.write(`IPv${family}: ${line}\n`),
    trace: one => traceCase(kernel, one),
    failed: saveFailure,
  };
  const tally = runCampaign(bench, plan);
  process.stdout.write(summary(family, tally));
  return tally.disagreements === 0 ? 0 : 1;
}

function caseOf(file: string): SavedCase {
  return JSON.parse(readFileSync(file, "utf8")) as SavedCase;
}

/** One saved case through both; what differs is printed. */
function oneCase(bench: Bench, file: string): number {
  const saved = caseOf(file);
  const one = loadCase(saved);
  const found = judge(bench, one);
  process.stdout.write(`${saved.about}\n${found.length === 0 ? "no difference\n" : reportText(one, found, [])}`);
  return found.length === 0 ? 0 : 1;
}

/** The kernel again, as if it were the engine: what then differs is its dice, or fragments that it still keeps from the first run. */
function selfRuns(kernel: KernelReferee): Bench["engine"] {
  return one => replayCase(kernel, one);
}

async function engineRuns(family: 4 | 6): Promise<Bench["engine"]> {
  const { EngineReferee } = await import("./engine-referee.ts");
  const engine = new EngineReferee(family, values.stack === "answering" ? "answering" : "silent", values.tier === "bridge");
  return (one, kernel): Record => replayWithDice(engine, one, kernel);
}

function saveFailure(seed: number, report: string, json: string): void {
  process.stdout.write(`\n=== disagreement, seed ${seed} ===\n${report}\n`);
  if (values.save === undefined) return;
  mkdirSync(values.save, { recursive: true });
  writeFileSync(join(values.save, `seed-${seed}.txt`), report);
  writeFileSync(join(values.save, `seed-${seed}.json`), json);
}

function summary(family: 4 | 6, tally: Tally): string {
  const kinds = [...tally.kinds].map(([kind, count]) => `${count} ${kind}`).join(", ");
  const table = values.quiet ? "" : `\n${tally.coverage.table()}\n`;
  const average = tally.cases === 0 ? 0 : Math.round(tally.packets / tally.cases);
  return `${table}IPv${family}: ${tally.cases} rulesets × ${average} packets = ${tally.packets} packets compared (seeds ${values.seed}…), ${tally.refused} rulesets refused by the kernel, ${tally.disagreements} disagreements${kinds === "" ? "" : ` (${kinds})`}\n`;
}
