import type { Severity } from "../finding.ts";

/** What there is to know of one kind of finding: what `lint --explain` prints. */
export interface FindingKind {
  /** F01 to F38. */
  readonly code: string;
  /** Two or three words: `source-port hole`. */
  readonly title: string;
  /** How grave it is in general; a finding may be graver or lighter. */
  readonly severity: Severity;
  /** What it is and why it matters, in a few sentences. */
  readonly why: string;
  /** Rules that show it, a line each. */
  readonly example: readonly string[];
  /** How it is mended. */
  readonly mend: string;
}
