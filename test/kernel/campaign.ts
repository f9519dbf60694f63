/** Case after case through both referees, until time or patience runs out. */
import { makeCase, type Case } from "./case.ts";
import { differences, type Difference } from "./compare.ts";
import { Coverage } from "./coverage.ts";
import type { Tier } from "./generate/piece.ts";
import { rulesetText } from "./generate/ruleset.ts";
import { reportText } from "./report.ts";
import { keptCases, saveCase } from "./saved-case.ts";
import { judge, shrink, type Bench } from "./shrink.ts";
import type { Trace } from "./trace.ts";

/** What to run. `until` is asked before each case. */
export interface Plan {
  readonly family: 4 | 6;
  readonly seed: number;
  readonly rulesets: number;
  readonly packets: number;
  /** One tier for all, or "mixed": mostly plain, the others now and then. */
  readonly tier: Tier | "mixed";
  /** Extensions to leave out, and words of notes of packets to leave out. */
  readonly without: ReadonlySet<string>;
  readonly skip: readonly string[];
  /** Stop after this many disagreements. */
  readonly patience: number;
  readonly attempts: number;
  until(): boolean;
  progress(line: string): void;
  /** The kernel's own account of each step of a case. */
  trace(one: Case): readonly Trace[];
  /** Takes a shrunken disagreement: its report, and the case as JSON. */
  failed(seed: number, report: string, json: string): void;
}

/** The sum of it. */
export interface Tally {
  cases: number;
  packets: number;
  refused: number;
  disagreements: number;
  readonly kinds: Map<string, number>;
  readonly coverage: Coverage;
}

const tierOf = (seed: number, tier: Tier | "mixed"): Tier =>
  tier === "mixed" ? (({ 6: "slow", 7: "time", 8: "time", 9: "random" } as const)[seed % 10] ?? "plain") : tier;

/** Runs the plan: kept cases first, then random ones by consecutive seeds. */
export function runCampaign(bench: Bench, plan: Plan): Tally {
  const tally: Tally = { cases: 0, packets: 0, refused: 0, disagreements: 0, kinds: new Map(), coverage: new Coverage() };
  for (const [name, about, one] of keptCases(plan.family)) {
    const found = judge(bench, one);
    tally.cases++;
    tally.packets += one.steps.length;
    if (found.length > 0) {
      tally.disagreements++;
      plan.failed(one.seed, `kept case ${name}: ${about}\n${reportText(one, found, plan.trace(one))}`, saveCase(one, about));
    }
  }
  for (let index = 0; index < plan.rulesets && plan.until() && tally.disagreements < plan.patience; index++)
    runSeed(bench, plan, plan.seed + index, tally);
  return tally;
}

function runSeed(bench: Bench, plan: Plan, seed: number, tally: Tally): void {
  const { packets, without, skip } = plan;
  const [one, kernel] = makeCase(bench.kernel, seed, plan.family, { tier: tierOf(seed, plan.tier), packets, without, skip });
  tally.cases++;
  tally.packets += one.steps.length;
  tally.coverage.add(one, kernel);
  if (kernel.refused !== undefined) {
    tally.refused++;
    plan.progress(`seed ${seed}: the kernel refused the rules: ${kernel.refused}`);
  }
  const found = differences(one, kernel, bench.engine(one, kernel));
  if (found.length > 0) {
    tally.disagreements++;
    report(bench, plan, tally, one, found);
  }
  if (tally.cases % 20 === 0) plan.progress(`${tally.cases} rulesets, ${tally.packets} packets, ${tally.disagreements} disagreements`);
}

function report(bench: Bench, plan: Plan, tally: Tally, one: Case, found: readonly Difference[]): void {
  const kind = found[0]?.about ?? "outcome";
  tally.kinds.set(kind, (tally.kinds.get(kind) ?? 0) + 1);
  plan.progress(`seed ${one.seed}: ${found.length} differences, first in ${kind}: ${found[0]?.what ?? ""}; shrinking`);
  const small = kind === "load" ? undefined : shrink(bench, one, kind, plan.attempts);
  if (small === undefined) {
    const note = kind === "load" ? rulesetText(one.tables) : "not repeatable in a second run: a roll of the kernel's dice, or time\n";
    plan.failed(
      one.seed,
      `${note}${reportText({ ...one, steps: [] }, found, [])}`,
      saveCase({ ...one, steps: kind === "load" ? [] : one.steps }, kind),
    );
    return;
  }
  plan.failed(one.seed, reportText(small.one, small.found, plan.trace(small.one)), saveCase(small.one, small.found[0]?.what ?? kind));
}
