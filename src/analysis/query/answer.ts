import type { Family } from "../../predicate/index.ts";
import type { Certainty } from "../policy-report.ts";
import type { Confirmation, Path, Role, RulePointer, Witness } from "../witness.ts";

/** What becomes of sessions (`usable`, `half-open`) or packets (`accepted`), or how either is refused. */
export const FATES = ["usable", "half-open", "accepted", "rejected", "dropped"] as const;
export type Fate = (typeof FATES)[number];

/** Some of the sessions or packets that were asked about, which all come to the same. */
export interface AnswerPart {
  readonly fate: Fate;
  readonly family: Family;
  readonly path: Path;
  /** Which of them, one phrase for each thing that tells them from the rest: `from 10.0.0.0/8`, `to port 22`; none for all. */
  readonly which: readonly string[];
  readonly certainty: Certainty;
  /** Of a half-open session: its first packet that does not get through. */
  readonly role?: Role | undefined;
  readonly witness: Witness | undefined;
  /** What the engine made of the witness. */
  readonly confirmation: Confirmation | undefined;
  /** What decides the witness: of a usable session what lets the opener through, then what lets the answer through, where that can be told. */
  readonly decidedBy: readonly RulePointer[];
}

/** Can they? `depends` is also said when some can and some cannot. */
export type Verdict = "yes" | "no" | "depends";

/** The answer to a question. */
export interface QueryAnswer {
  /** In canonical words. */
  readonly question: string;
  readonly about: "sessions" | "packets";
  readonly verdict: Verdict;
  /** One sentence. */
  readonly because: string;
  /** Those that can first; of each fate, family and path at most a few. */
  readonly parts: readonly AnswerPart[];
  /** Is all that was asked in one of the parts? */
  readonly complete: boolean;
  /** Conditions that no analysis decides and the answer depends on. */
  readonly depends: readonly string[];
  readonly assumptions: readonly string[];
  /** It is about this machine, which nobody described, and rules lead packets on to others: port forwards are not in it. */
  readonly lacksForwards: boolean;
}
