import type { Certainty, RulePointer } from "../../analysis/index.ts";
import type { Change, DiffReport } from "../../analysis/diff/index.ts";
import type { Family } from "../../predicate/index.ts";

/** How two firewalls are compared. */
export interface CompareWish {
  /** Two rulesets, or the two families of the first one. */
  readonly compared: DiffReport["compared"];
  readonly names: readonly [before: string, after: string];
  /** Families that are looked at; of two rulesets. */
  readonly families: readonly Family[];
  /** Logging and marks count as well. */
  readonly strict: boolean;
  /** Every class, not the first ones; and packets outside of sessions where sessions differ already. */
  readonly all: boolean;
}

/** What becomes of a class on one side. */
export interface SideView {
  /** `usable`, `dropped` … */
  readonly text: string;
  readonly by: RulePointer | undefined;
  /** In the packet notation; undefined where there is none to show. */
  readonly witness: string | undefined;
  /** Why the engine did not show it; empty where it did or was not asked. */
  readonly doubt: string;
}

/** A class of sessions or packets that the sides treat differently. */
export interface ChangeView {
  readonly change: Change;
  readonly about: "session" | "packet";
  readonly services: string;
  /** What sort of packets; empty for sessions. */
  readonly sort: string;
  readonly from: string;
  readonly to: string;
  /** `in eth0, out lan0 or any other`; empty where all are meant. */
  readonly through: string;
  readonly depends: Extract<Certainty, { sure: false }>["depends"];
  readonly before: SideView;
  readonly after: SideView;
  /** Errors, expected connections and INVALID packets, which people ask for last. */
  readonly aside: boolean;
}

/** The changes of one path of one family. */
export interface ChangeSection {
  readonly title: string;
  readonly changes: readonly ChangeView[];
}

/** What tells two firewalls apart, in words. */
export interface DiffView {
  readonly wish: CompareWish;
  readonly equal: boolean;
  readonly sections: readonly ChangeSection[];
  readonly counts: Readonly<Record<Change, number>>;
  /** How many of the changes are asides. */
  readonly asides: number;
  /** Classes that differ and are not told. */
  readonly left: number;
  /** What was not compared, and why. */
  readonly undone: readonly string[];
  readonly assumptions: readonly string[];
  /** Faulty lines that were left out, on both sides. */
  readonly skipped: readonly [before: number, after: number];
  /** Families that were compared. */
  readonly families: readonly Family[];
}
