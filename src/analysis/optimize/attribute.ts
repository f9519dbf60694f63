import type { Family } from "../../predicate/index.ts";
import type { Effort } from "./effort.ts";
import type { Piece } from "./pieces.ts";

/** Rules that ask for something in one part of an attribute's values. */
export interface Cell {
  /** The words that are true of every packet that one of its rules matches, and of no packet of another cell. */
  readonly test: string;
  /** The part of all packets that is taken to be in it, where nothing else is known. */
  readonly share: number;
  /** In their order. */
  readonly pieces: readonly Piece[];
}

/** Rules told apart by an attribute. */
export interface Cells {
  readonly cells: readonly Cell[];
  /** Rules that lie across cells, and may come before all of them. */
  readonly aside: readonly Piece[];
  /** Words that are true in every cell; empty for none. */
  readonly common: string;
}

/** An attribute by which rules can be told apart. */
export interface Attribute {
  readonly name: string;
  /** How many of the rules, from one on, can be told apart by it. */
  reach(pieces: readonly Piece[], from: number, family: Family, effort: Effort): number;
  /** The rules in cells, about so many at most; one where they cannot be told apart. */
  cells(pieces: readonly Piece[], family: Family, most: number): Cells;
}

/** How many pieces, from one on, are as asked. */
export function countWhile(pieces: readonly Piece[], from: number, effort: Effort, holds: (piece: Piece) => boolean): number {
  let at = from;
  while (at < pieces.length && holds(pieces[at] as Piece)) at++;
  effort.spend(at - from);
  return at - from;
}
