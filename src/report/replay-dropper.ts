import type { Decision } from "../engine/index.ts";
import type { Position } from "../ruleset/index.ts";
import type { Amount } from "./replay-tally.ts";

/** Why packets were dropped: by a rule or policy, or by the kernel itself for a reason. */
export interface DropCause {
  readonly decidedBy: Decision | undefined;
  /** Where the rule or the chain stands; undefined for a policy that no text sets. */
  readonly at: Position | undefined;
  readonly reason: string;
}

/** What dropped packets, and how many. */
export interface Dropper extends DropCause {
  readonly amount: Amount;
}
