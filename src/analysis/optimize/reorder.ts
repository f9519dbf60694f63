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
  const groups: Group[] = [];
  const inGroups = new Map<number, Group[]>();
  for (const [at] of heavy.toSorted(([a], [b]) => a - b)) {
    const needs = needed(pieces, at, effort);
    if (needs === undefined) break;
    const group = { needs, open: needs.length, absorbed: needs.reduce((sum, need) => sum + (pieces[need]?.absorbed ?? 0), 0) };
    groups.push(group);
    for (const need of needs) {
      const others = inGroups.get(need);
      if (others) others.push(group);
      else inGroups.set(need, [group]);
    }
  }
  const placed = new Set<number>();
  const order: Piece[] = [];
  for (let best = busiest(groups); best !== undefined; best = busiest(groups)) {
    for (const at of best.needs) {
      if (placed.has(at)) continue;
      const piece = pieces[at] as Piece;
      placed.add(at);
      order.push(piece);
      for (const group of inGroups.get(at) ?? []) {
        group.open--;
        group.absorbed -= piece.absorbed;
      }
    }
  }
  return [...order, ...pieces.filter((_, at) => !placed.has(at))];
}

/** A piece with those that must come before it. */
interface Group {
  readonly needs: readonly number[];
  /** Of them, how many are not placed yet, and what those absorb together. */
  open: number;
  absorbed: number;
}

/** The group with the most packets for each rule; the first of those that are alike. */
function busiest(groups: readonly Group[]): Group | undefined {
  let best: Group | undefined;
  for (const group of groups)
    if (group.open > 0 && (best === undefined || group.absorbed * best.open > best.absorbed * group.open)) best = group;
  return best;
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
