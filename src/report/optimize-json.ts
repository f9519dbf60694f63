import type { Change, Cost, CostChange } from "../analysis/optimize/index.ts";
import type { KernelTime, KernelTiming, OptimizedFamily } from "./optimize-report.ts";
import { pointerJson } from "./policy-json.ts";
import type { Json } from "./trace-json.ts";

/** Version of the JSON that `optimize --json` prints; docs/json.md describes it. */
export const OPTIMIZE_JSON_VERSION = 1;

/** What became of the rules of each family. */
export const optimizeJson = (families: readonly OptimizedFamily[]): Json => ({
  ferrule: "optimize",
  version: OPTIMIZE_JSON_VERSION,
  families: families.map(familyJson),
});

const familyJson = ({ family, safe, costs, capture, sets, kernel, rules }: OptimizedFamily): Json => ({
  family,
  equal: { stages: safe.proof.stages, rules: safe.proof.rules },
  measuredWith: capture ?? null,
  costs: costs.map(costChangeJson),
  changes: safe.result.changes.map(changeJson),
  obstacles: safe.result.obstacles.map(({ rule, before }) => ({ rule: pointerJson(rule), before: before.map(pointerJson) })),
  withheld: [...safe.withheld],
  dead: safe.dead,
  skimmed: [...safe.result.skimmed],
  sets: sets.map(({ name, entries }) => ({ name, entries: [...entries] })),
  kernel: kernel ? kernelJson(kernel) : null,
  rules,
});

const costChangeJson = ({ table, chain, before, after }: CostChange): Json => ({
  table,
  chain,
  packets: before.packets,
  before: costJson(before),
  after: costJson(after),
});

const costJson = ({ expected, worst }: Cost): Json => ({ expected, worst });

const changeJson = ({ kind, table, chain, rules, now }: Change): Json => ({
  kind,
  table,
  chain,
  rules: rules.map(pointerJson),
  now: [...now],
});

const kernelJson = (kernel: KernelTiming): Json =>
  kernel.ran
    ? {
        ran: true,
        packets: kernel.packets,
        runs: kernel.runs,
        hooks: [...kernel.hooks],
        bare: timeJson(kernel.bare),
        before: timeJson(kernel.before),
        after: timeJson(kernel.after),
      }
    : { ran: false, reason: kernel.reason };

const timeJson = ({ nanoseconds, quartiles: [low, high] }: KernelTime): Json => ({ nanoseconds, quartiles: [low, high] });
