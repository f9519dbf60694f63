import type { Family } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import type { Fault } from "./fault.ts";

/** A line that was not taken for rules, and why. */
export interface Ignored {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/** What reading a text gave. Without faults there is a ruleset. */
export interface Reading {
  readonly family: Family;
  readonly ruleset: Ruleset | undefined;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly ignored: readonly Ignored[];
}
