import type { RulePointer } from "../../analysis/index.ts";
import type { Documents } from "../state/documents.ts";

/** The texts that a file of assertions is about, and those that it may compare with. */
export interface TestedTexts {
  readonly now: Documents;
  /** As they were opened. */
  readonly opened: Documents;
  /** Files that were attached, by name. */
  readonly attached: ReadonlyMap<string, Documents>;
  /** What the file of assertions is called. */
  readonly name: string;
}

/** Something wrong with the file: from 1, `endColumn` exclusive. */
export interface TestFault {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly message: string;
  readonly guess: string | undefined;
}

/** Sessions or packets that contradict an assertion. */
export interface Counterexample {
  /** `usable`, `half-open`, `accepted`, `rejected`, `dropped` */
  readonly fate: string;
  /** Which of those that were asked about, and where they go: one sentence. */
  readonly which: string;
  readonly depends: readonly string[];
  /** In the packet notation, for Trace; undefined where none could be made. */
  readonly witness: string | undefined;
  /** What the engine said: empty when it confirms the witness. */
  readonly doubt: string;
  /** Conditions under which the witness does so. */
  readonly where: readonly string[];
  readonly decidedBy: readonly RulePointer[];
}

/** An assertion and what became of it. */
export interface TestResult {
  readonly name: string;
  /** `allow`, `no strays` … */
  readonly kind: string;
  readonly line: number;
  readonly outcome: "holds" | "fails" | "undecided";
  readonly message: string;
  readonly details: readonly string[];
  readonly depends: readonly string[];
  readonly counterexamples: readonly Counterexample[];
}

/** A run of a file. */
export interface TestRun {
  readonly faults: readonly TestFault[];
  readonly results: readonly TestResult[];
  readonly assumptions: readonly string[];
  /** What the page does otherwise than the command: keys of the file that it does not heed. */
  readonly notes: readonly string[];
  /** Files that assertions compare with and that the page does not have. */
  readonly missing: readonly string[];
  /** The run in the Test Anything Protocol and as JUnit XML; empty where the file has faults. */
  readonly tap: string;
  readonly junit: string;
}
