import type { Family } from "../../predicate/index.ts";
import { ATTRIBUTES } from "./cells.ts";
import type { Effort } from "./effort.ts";
import type { Piece } from "./pieces.ts";

/** Rules that take at least this share of a chain's packets stay in front of what is gathered. */
const HEAVY = 0.02;

/**
 * In runs of rules that may stand in any order, rules that ask the same attribute come together, so that they can be split: `-s` and `-d` rules in
 * turns become the `-s` rules and then the `-d` rules. Shorter runs than `least` stay as they are.
 */
export function gathered(pieces: readonly Piece[], entered: number, family: Family, least: number, effort: Effort): readonly Piece[] {
  const result: Piece[] = [];
  for (let from = 0; from < pieces.length;) {
    const only = pieces[from]?.traits.only;
    let to = from + 1;
    if (only !== undefined) while (to < pieces.length && pieces[to]?.traits.only === only) to++;
    const run = pieces.slice(from, to);
    const heavy = run.filter(({ absorbed }) => absorbed >= entered * HEAVY);
    const light = run.filter(({ absorbed }) => absorbed < entered * HEAVY);
    result.push(...(light.length < least ? run : [...heavy, ...together(light, family, least, effort)]));
    from = to;
  }
  return result;
}

/** Rules of the commonest attribute first, then those of the next. */
function together(pieces: readonly Piece[], family: Family, least: number, effort: Effort): readonly Piece[] {
  const asking = ATTRIBUTES.map(attribute => pieces.filter(piece => attribute.reach([piece], 0, family, effort) === 1));
  const [most] = asking.filter(({ length }) => length >= least).toSorted((a, b) => b.length - a.length);
  if (most === undefined || most.length === pieces.length) return pieces;
  const inside = new Set(most);
  return [
    ...most,
    ...together(
      pieces.filter(piece => !inside.has(piece)),
      family,
      least,
      effort,
    ),
  ];
}
