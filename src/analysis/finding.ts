import type { RulePointer, Witness } from "./witness.ts";

/** How grave a finding is: `error` is surely a mistake, `warning` a risk, `info` worth a look. */
export type Severity = "error" | "warning" | "info";

/** A change of lines that mends a finding. Lines count from 1 in the file of the rule. */
export interface Fix {
  /** `delete the rule`, `move it before rule 5`. */
  readonly about: string;
  readonly edits: readonly FixEdit[];
}

/** One edit of a chain; numbers from 1, as the chain is before all edits of the fix. */
export type FixEdit =
  | { readonly do: "delete"; readonly table: string; readonly chain: string; readonly number: number }
  /** `number` of length + 1 appends. */
  | { readonly do: "insert"; readonly table: string; readonly chain: string; readonly number: number; readonly rule: string }
  | { readonly do: "replace"; readonly table: string; readonly chain: string; readonly number: number; readonly rule: string }
  | { readonly do: "policy"; readonly table: string; readonly chain: string; readonly policy: "ACCEPT" | "DROP" };

/** One thing that lint found. */
export interface Finding {
  /** F01 to F38. */
  readonly code: string;
  readonly severity: Severity;
  readonly family: 4 | 6;
  /** The rule, policy or chain that it is about. */
  readonly at: RulePointer;
  /** One sentence. */
  readonly message: string;
  /** Rules that cover or contradict it. */
  readonly related: readonly RulePointer[];
  readonly witness?: Witness;
  readonly fix?: Fix;
  /** The reason of the comment that suppresses it; undefined for a finding that counts. */
  readonly suppressed?: string;
}
