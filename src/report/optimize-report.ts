import type { CostChange, MadeSet, Safe } from "../analysis/optimize/index.ts";
import type { Family } from "../predicate/index.ts";

/** Nanoseconds that a kernel took for one packet, over several runs of a burst. */
export interface KernelTime {
  /** Median of the runs. */
  readonly nanoseconds: number;
  /** Half of the runs lie between these. */
  readonly quartiles: readonly [low: number, high: number];
}

/** What the kernel itself took for the same packets, before and after. */
export type KernelTiming =
  | {
      readonly ran: true;
      /** Without any rules: what the packets cost by themselves. */
      readonly bare: KernelTime;
      readonly before: KernelTime;
      readonly after: KernelTime;
      readonly packets: number;
      readonly runs: number;
      /** `filter INPUT`: where the packets went. */
      readonly hooks: readonly string[];
    }
  | { readonly ran: false; readonly reason: string };

/** What became of the rules of one family. */
export interface OptimizedFamily {
  readonly family: Family;
  readonly safe: Safe;
  /** Costs: by counters of the rules, by a capture that was played through both rulesets, or as assumed. */
  readonly costs: readonly CostChange[];
  /** The capture that the costs were measured with. */
  readonly capture: string | undefined;
  readonly sets: readonly MadeSet[];
  readonly kernel: KernelTiming | undefined;
  /** The rules as iptables-restore reads them, without the report. */
  readonly rules: string;
}
