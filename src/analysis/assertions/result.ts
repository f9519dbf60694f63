import type { AnswerPart } from "../query/answer.ts";
import type { FilePlace } from "./assertion.ts";

/** What became of an assertion. `undecided`: the diagrams grew beyond their budget. */
export type AssertionOutcome = "holds" | "fails" | "undecided";

/** An assertion and what became of it. */
export interface AssertionResult {
  readonly name: string;
  /** `allow`, `no strays` … */
  readonly kind: string;
  readonly at: FilePlace;
  readonly outcome: AssertionOutcome;
  /** One sentence: what was proven, or why it fails. */
  readonly message: string;
  /** More sentences: findings, differences. */
  readonly details: readonly string[];
  /** What contradicts it, with witnesses. */
  readonly counterexamples: readonly AnswerPart[];
  /** Conditions that no analysis decides and that it fails by. */
  readonly depends: readonly string[];
}

/** A file of assertions after a run. */
export interface AssertionRun {
  readonly file: string;
  readonly results: readonly AssertionResult[];
  readonly assumptions: readonly string[];
}
