import type { Hook } from "../../xtables/index.ts";

/** How the overview is arranged: in two columns, or in one where there is little width. */
export type Arrangement = "wide" | "narrow";

/** A rectangle of the drawing, in its own units (CSS pixels at scale 1). */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What stands in a hook: a table's chain, or something that the kernel does itself. */
export interface PlannedRow extends Box {
  readonly kind: "table" | "kernel";
  /** The table's name, or what the kernel does. */
  readonly name: string;
}

/** A hook with what runs there, in order. */
export interface PlannedHook extends Box {
  readonly hook: Hook;
  readonly rows: readonly PlannedRow[];
}

/** Something that is no hook: where packets come from and go to, and where the kernel picks their way. */
export interface PlannedPlace extends Box {
  readonly name: PlaceName;
  readonly label: string;
}

/** Places beside the hooks. */
export type PlaceName = "in" | "routing" | "process" | "out";

/** A way from one place or hook to another: its corners. */
export interface PlannedArrow {
  readonly from: Hook | PlaceName;
  readonly to: Hook | PlaceName;
  readonly points: readonly (readonly [number, number])[];
  /** What travels there, and where those words stand: from there on, before there, or upwards from there; none where it is plain. */
  readonly label?: { readonly text: string; readonly x: number; readonly y: number; readonly turned?: boolean; readonly before?: boolean };
  readonly dashed?: boolean;
}

/** Where everything of the overview stands. */
export interface Plan {
  readonly arrangement: Arrangement;
  readonly width: number;
  readonly height: number;
  readonly hooks: readonly PlannedHook[];
  readonly places: readonly PlannedPlace[];
  readonly arrows: readonly PlannedArrow[];
}
