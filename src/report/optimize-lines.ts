import { ASSUMED_ESTABLISHED, type Change, type CostChange, type Obstacle } from "../analysis/optimize/index.ts";
import type { RulePointer } from "../analysis/witness.ts";
import type { KernelTime, KernelTiming, OptimizedFamily } from "./optimize-report.ts";
import { printable } from "./printable.ts";
import { accent, dim, good, plain, strong, type Line } from "./span.ts";

/** How much of what was done is shown. */
export interface OptimizeDetail {
  /** Every rule by number, not the first ones. */
  readonly all: boolean;
}

/** What an optimization came to, for a terminal: tests per packet before and after, what was done, and the proof. */
export function optimizeLines({ family, safe, costs, capture, sets, kernel }: OptimizedFamily, detail: OptimizeDetail): Line[] {
  const { result, proof, withheld, dead } = safe;
  const lines: Line[] = [[accent(`IPv${family}`), plain(": rules tested for one packet")]];
  const width = Math.max(0, ...costs.map(({ table, chain }) => table.length + chain.length + 1));
  for (const cost of costs) lines.push(costLine(cost, width));
  if (costs.length === 0) lines.push([plain("  no rules")]);
  lines.push([dim(`  ${sourceText(costs, capture)}`)]);
  for (const change of result.changes) lines.push(changeLine(change, detail));
  for (const { name, entries } of sets)
    lines.push([plain("ipset    "), strong(printable(name)), plain(`: ${plural(entries.length, "entry", "entries")}`)]);
  if (result.changes.length === 0) lines.push([plain("nothing was changed")]);
  for (const obstacle of result.obstacles) lines.push(...obstacleLines(obstacle, detail));
  for (const chain of result.skimmed) lines.push([dim(`${printable(chain)} is so long that not all of its rules were compared`)]);
  if (dead > 0)
    lines.push([
      plain("dead     "),
      plain(`no packet reaches ${plural(dead, "rule", "rules")}: --remove-dead leaves out what is proven to change nothing`),
    ]);
  for (const reason of withheld) lines.push([plain("not done "), plain(printable(reason))]);
  lines.push([
    good("equal    "),
    plain(
      `proven for all packets: ${plural(proof.stages, "table at its hook", "tables at their hooks")}, verdicts, NAT, marks and logging`,
    ),
    plain(
      proof.rules === 0
        ? ""
        : `; ${plural(proof.rules, "rule with a memory or counter of its own meets", "rules with a memory or counter of their own meet")} the same packets`,
    ),
  ]);
  if (kernel) lines.push(...kernelLines(kernel));
  return lines;
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function costLine({ table, chain, before, after }: CostChange, width: number): Line {
  const name = `${table} ${chain}`.padEnd(width);
  const same = before.expected.toFixed(1) === after.expected.toFixed(1) && before.worst === after.worst;
  const values = same
    ? `${before.expected.toFixed(1)} on average, ${before.worst} at most, as before`
    : `${before.expected.toFixed(1)} → ${after.expected.toFixed(1)} on average, ${before.worst} → ${after.worst} at most`;
  return [plain(`  ${printable(name)}  `), same ? dim(values) : strong(values)];
}

function sourceText(costs: readonly CostChange[], capture: string | undefined): string {
  if (capture !== undefined) return `measured: ${printable(capture)} was played through both`;
  const assumed = costs.filter(({ before }) => before.packets === 0).length;
  const guess = `${ASSUMED_ESTABLISHED} of 100 packets belong to established connections where a rule accepts those, and the rest is spread evenly over the rules`;
  if (costs.length > 0 && assumed === costs.length) return `assumed, since nothing was counted: ${guess}`;
  const counted = "by the counters of the rules; of packets that no rule counted it is assumed that they are spread evenly";
  return assumed === 0 ? counted : `${counted}; for chains without counters: ${guess}`;
}

/** Rules that are named before the others are only counted. */
const NAMED = 12;

function numbers(rules: readonly RulePointer[], { all }: OptimizeDetail): string {
  const named = all ? rules : rules.slice(0, NAMED);
  const rest = rules.length - named.length;
  return `${named.map(({ number }) => number ?? "policy").join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function changeLine({ kind, table, chain, rules, now }: Change, detail: OptimizeDetail): Line {
  const place = printable(`${table} ${chain}`);
  switch (kind) {
    case "merged":
      return [plain("merged   "), plain(`${place} ${numbers(rules, detail)}: `), strong(printable(now.join("; ")))];
    case "moved":
      return [plain("moved    "), plain(`${place} ${numbers(rules, detail)}`)];
    case "split": {
      const names = detail.all ? now.join(", ") : now.length > 2 ? `${now[0]} … ${now.at(-1)}` : now.join(", ");
      return [
        plain("split    "),
        plain(`${place}: ${plural(rules.length, "rule", "rules")} into `),
        strong(printable(`${plural(now.length, "chain", "chains")} ${names}`)),
      ];
    }
    case "removed":
      return [plain("removed  "), plain(`${place} ${numbers(rules, detail)}, which no packet reaches: ${printable(rules[0]?.text ?? "")}`)];
  }
}

function obstacleLines({ rule, before }: Obstacle, detail: OptimizeDetail): Line[] {
  const place = printable(`${rule.table} ${rule.chain}`);
  const shown = before.slice(0, detail.all ? before.length : 3);
  return [
    [
      plain("kept     "),
      plain(
        `${place} ${rule.number} accepts established connections, but may not pass ${plural(before.length, "rule", "rules")} before it:`,
      ),
    ],
    ...shown.map(({ number, text }): Line => [plain(`           ${number} ${printable(text)}`)]),
    ...(shown.length < before.length ? [[dim(`           and ${before.length - shown.length} more`)]] : []),
  ];
}

/** What the kernel took. */
export function kernelLines(kernel: KernelTiming): Line[] {
  if (!kernel.ran) return [[plain("kernel   "), plain(`not measured: ${printable(kernel.reason)}`)]];
  const { before, after, bare, packets, runs, hooks } = kernel;
  const own = (time: KernelTime): string => `${Math.max(0, time.nanoseconds - bare.nanoseconds).toFixed(0)} ns`;
  const spread = ({ quartiles: [low, high] }: KernelTime): string => `± ${((high - low) / 2).toFixed(0)}`;
  return [
    [plain("kernel   "), strong(`${own(before)} → ${own(after)} for one packet in the rules`), plain(` (${hooks.join(", ")})`)],
    [
      dim(
        `         with the packet's own way: ${before.nanoseconds.toFixed(0)} ${spread(before)} → ${after.nanoseconds.toFixed(0)} ${spread(after)} ns, without rules ${bare.nanoseconds.toFixed(0)} ${spread(bare)} ns; medians of ${runs} runs of ${packets} packets`,
      ),
    ],
  ];
}
