import { commute } from "./traits.ts";
import type { Effort } from "./effort.ts";
import type { Piece } from "./pieces.ts";
import { takesEstablished } from "./traffic.ts";

/** Rules with the most packets that are moved at all. */
const MOST_MOVED = 256;

/**
 * The pieces in an order that fewer tests come from: those that take the most packets out of the chain come first, each behind the pieces that it
 * may not pass. Where nothing was counted, only the rule for established connections is moved. Always the group with the most packets for each of its rules comes next (Sidney's rule, which is exact without such pairs).
 */
export function reordered(pieces: readonly Piece[], counted: boolean, effort: Effort): readonly Piece[] {
  const heavy = [...pieces.entries()]
    .filter(([, { absorbed, rule }]) => absorbed > 0 && (counted || takesEstablished(rule)))
    .toSorted(([at, a], [index, b]) => b.absorbed - a.absorbed || at - index)
    .slice(0, MOST_MOVED);
  const groups: { readonly needs: readonly number[] }[] = [];
  for (const [at] of heavy.toSorted(([a], [b]) => a - b)) {
    const needs = needed(pieces, at, effort);
    if (needs === undefined) break;
    groups.push({ needs });
  }
  const placed = new Set<number>();
  const order: Piece[] = [];
  for (;;) {
    let best: readonly number[] = [];
    let most = 0;
    for (const { needs } of groups) {
      const open = needs.filter(at => !placed.has(at));
      if (open.length === 0) continue;
      const ratio = open.reduce((sum, at) => sum + (pieces[at]?.absorbed ?? 0), 0) / open.length;
      if (ratio > most) [best, most] = [open, ratio];
    }
    if (best.length === 0) break;
    for (const at of best) {
      placed.add(at);
      order.push(pieces[at] as Piece);
    }
  }
  return [...order, ...pieces.filter((_, at) => !placed.has(at))];
}

/** The piece and those before it that it may not pass, nor they each other, in order; undefined when the effort is spent. */
function needed(pieces: readonly Piece[], at: number, effort: Effort): readonly number[] | undefined {
  const needs = [at];
  for (let i = at - 1; i >= 0; i--) {
    const piece = pieces[i] as Piece;
    effort.spend(needs.length);
    if (effort.spent) return undefined;
    if (needs.some(other => !commute(piece.traits, (pieces[other] as Piece).traits))) needs.push(i);
  }
  return needs.toReversed();
}

/** The pieces before a piece that keep it from coming first. */
export function blockers(pieces: readonly Piece[], at: number): readonly Piece[] {
  const piece = pieces[at];
  return piece === undefined ? [] : pieces.slice(0, at).filter(other => !commute(other.traits, piece.traits));
}
