import type { Path, RulePointer } from "../../analysis/index.ts";
import type { Family } from "../../predicate/index.ts";
import type { GridAxis } from "../../report/index.ts";
import type { AskedService } from "./cell-question.ts";

/** A row of the policy in the words that the page shows. */
export interface RowView {
  readonly kind: "usable" | "half-open";
  readonly services: string;
  readonly from: string;
  readonly to: string;
  /** Interfaces; empty where they do not count. */
  readonly through: string;
  readonly with: readonly string[];
  /** What NAT makes of the first packet. */
  readonly becomes: readonly string[];
  /** Conditions; none where it is so for every packet. */
  readonly depends: readonly string[];
  /** For half-open sessions: which packet fails and how, in words, and what stops it. */
  readonly fails: { readonly text: string; readonly by: RulePointer | undefined } | undefined;
  /** In the packet notation, with the word `session` where it is one. */
  readonly witness: string | undefined;
  readonly decidedBy: readonly RulePointer[];
  /** Indexes of columns, by axis. */
  readonly columns: Readonly<Record<GridAxis, Uint16Array>>;
}

/** A line of the matrix: a service. */
export interface LineView {
  readonly name: string;
  /** In the notation of questions; undefined for services that it has no words for. */
  readonly asked: AskedService | undefined;
  /** It is told only where its source ports make a difference. */
  readonly special: boolean;
  /** Indexes of the rows that are about all of the service. */
  readonly rows: Uint16Array;
  /** Indexes of the rows that are about a part of it. */
  readonly parts: Uint16Array;
}

/** A column of the matrix: addresses that no row tells apart. */
export interface ColumnView {
  readonly name: string;
  /** The addresses; of very many the first ones, and how many more there are. */
  readonly addresses: string;
  /** In the notation of questions; undefined where they are too many. */
  readonly asked: string | undefined;
}

/** The matrix by one end of sessions: a code (grid.ts) for each line and column, line by line. */
export interface MatrixView {
  readonly columns: readonly ColumnView[];
  readonly cells: Uint8Array;
}

/** Packets that pass outside of sessions. */
export interface StrayView {
  readonly kind: string;
  readonly about: string;
  readonly where: string;
  readonly depends: readonly string[];
  readonly witness: string;
  readonly decidedBy: readonly RulePointer[];
}

/** A path of a family, without its rows. */
export interface SectionView {
  readonly family: Family;
  readonly path: Path;
  /** `IPv4, to this machine` */
  readonly title: string;
  readonly lines: readonly LineView[];
  readonly matrices: Readonly<Record<GridAxis, MatrixView>>;
  /** How many rows there are, usable ones first. */
  readonly usable: number;
  readonly halfOpen: number;
  readonly strays: readonly StrayView[];
  readonly refusals: readonly string[];
  /** `99.9 %` of the kinds of sessions. */
  readonly exact: string;
  /** False where there are more rows than were asked for. */
  readonly complete: boolean;
}

/** A policy without its rows, which follow in pieces. */
export interface PolicyHead {
  readonly summary: readonly string[];
  readonly assumptions: readonly string[];
  readonly sections: readonly SectionView[];
  /** Families that have rules. */
  readonly families: readonly Family[];
}

/** A policy as the page holds it; `rows` by section. */
export interface PolicyView extends PolicyHead {
  readonly rows: readonly (readonly RowView[])[];
}
