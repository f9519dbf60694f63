import type { Rule } from "../../ruleset/index.ts";
import type { RulePointer } from "../witness.ts";
import type { Traits } from "./traits.ts";

/** A rule on its way through the steps of the optimizer. */
export interface Piece {
  readonly rule: Rule;
  readonly traits: Traits;
  /** The rules that it was made of, in their old order; none for a jump that was put in. */
  readonly from: readonly RulePointer[];
  /** Packets that match. */
  readonly matched: number;
  /** Packets that leave the chain here. */
  readonly absorbed: number;
}
