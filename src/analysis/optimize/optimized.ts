import type { Family } from "../../predicate/index.ts";
import type { Rule, Ruleset } from "../../ruleset/index.ts";
import type { TableName } from "../../xtables/index.ts";
import type { RulePointer } from "../witness.ts";
import type { Cost } from "./cost.ts";
import type { MadeSet } from "./set-maker.ts";

/** What may be done to the rules. */
export interface OptimizeOptions {
  /** The family's ipsets get these and further names; without, no sets are made. */
  readonly setNames?: Iterable<string> | undefined;
  /** Runs of rules as long as this are split into chains; 0 for never. */
  readonly splitFrom: number;
  /** Rules that no packet reaches, which are left out. */
  readonly dead?: readonly RulePointer[] | undefined;
  /** The same rules with the counters to go by, where the rules' own are not to be taken. */
  readonly counted?: Ruleset | undefined;
  /** Do only packets count that are no fragments and whose headers are whole? */
  readonly whole?: boolean;
  /** Are rules merged? */
  readonly merge: boolean;
  /** Are rules moved? */
  readonly reorder: boolean;
}

/** One thing that was done. */
export interface Change {
  readonly kind: "moved" | "merged" | "split" | "removed";
  readonly table: TableName;
  readonly chain: string;
  /** The rules that it was done to, as they were. */
  readonly rules: readonly RulePointer[];
  /** What stands there now: rules, or the chains that were made; nothing for a rule that was removed. */
  readonly now: readonly string[];
}

/** What one built-in chain costs a packet, before and after. */
export interface CostChange {
  readonly table: TableName;
  readonly chain: string;
  readonly before: Cost;
  readonly after: Cost;
}

/** A rule for established connections that may not come first, and what stands in its way. */
export interface Obstacle {
  readonly rule: RulePointer;
  readonly before: readonly RulePointer[];
}

/** A ruleset made cheaper, before anybody has proven that it means the same. */
export interface Optimized {
  readonly family: Family;
  readonly ruleset: Ruleset;
  readonly changes: readonly Change[];
  readonly costs: readonly CostChange[];
  readonly sets: readonly MadeSet[];
  readonly obstacles: readonly Obstacle[];
  /** The chains that were looked at only in part, because comparing all their rules would take too long. */
  readonly skimmed: readonly string[];
  /** The rules that each new rule was made of; rules that stand as they were are their own. */
  readonly origins: ReadonlyMap<Rule, readonly RulePointer[]>;
}
