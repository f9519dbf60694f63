import { IPV4_MAX, IPV6_MAX, printAddress, type Interval } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import { prefixLength } from "./address-words.ts";
import { countWhile, type Attribute, type Cell } from "./attribute.ts";
import type { Piece } from "./pieces.ts";
import { hullOf, type Traits } from "./traits.ts";

/** Rules in one prefix. */
interface Part {
  readonly range: Interval<Scalar>;
  readonly pieces: readonly Piece[];
}

/** Rules that lie across two cells, which are put before the cells, are at most so many. */
const MOST_ASIDE = 6;

/** Prefixes that are halved where the most rules are, until there are enough of them. */
export function byAddress(end: "source" | "destination"): Attribute {
  const field = end === "source" ? "saddr" : "daddr";
  const known = new WeakMap<Traits, Interval<Scalar> | null>();
  /** The addresses of all packets that the rule has to do with; undefined where it does not ask. */
  const of = ({ traits }: Piece): Interval<Scalar> | undefined => {
    let hull = known.get(traits);
    if (hull === undefined) known.set(traits, (hull = hullOf(traits, field) ?? null));
    return hull ?? undefined;
  };
  const words = (range: Interval<Scalar>, family: Family): string =>
    `-${end === "source" ? "s" : "d"} ${printAddress(range[0])}/${prefixLength(range, family) ?? 0}`;
  return {
    name: end,
    reach(pieces, from, family, effort) {
      const length = countWhile(pieces, from, effort, piece => of(piece) !== undefined);
      const run = pieces.slice(from, from + length);
      if (areAlike(run)) return length;
      // A rule across the middle of all keeps the others from being told apart.
      const halves = halvesOf(prefixAround(run, of, family), family);
      const across = halves ? run.findIndex(piece => !halves.some(half => lies(of(piece), half))) : -1;
      return across < 0 ? length : across;
    },
    cells(pieces, family, most) {
      const start: Part = { range: prefixAround(pieces, of, family), pieces };
      const alike = areAlike(pieces);
      const aside: Piece[] = [];
      let parts: readonly Part[] = [start];
      const stuck = new Set<Part>();
      while (parts.length < most) {
        const open = parts.filter(part => !stuck.has(part));
        if (open.length === 0) break;
        const largest = open.reduce((a, b) => (b.pieces.length > a.pieces.length ? b : a));
        const halves = halved(largest, of, family);
        const room = alike ? MOST_ASIDE - aside.length : 0;
        if (halves === undefined || halves.across.length > room) stuck.add(largest);
        else {
          aside.push(...halves.across);
          parts = parts.flatMap(part => (part === largest ? halves.parts : [part]));
        }
      }
      const cells = parts.map(({ range, pieces: members }): Cell => ({
        test: words(range, family),
        share: shareOf(range, family),
        pieces: members,
      }));
      return { cells, aside, common: prefixLength(start.range, family) === 0 ? "" : words(start.range, family) };
    },
  };
}

/** May all of them stand in any order? */
function areAlike(pieces: readonly Piece[]): boolean {
  const only = pieces[0]?.traits.only;
  return only !== undefined && pieces.every(({ traits }) => traits.only === only);
}

function shareOf([low, high]: Interval<Scalar>, family: Family): number {
  return Number(BigInt(high) - BigInt(low) + 1n) / Number(BigInt(family === 4 ? IPV4_MAX : IPV6_MAX) + 1n);
}

type RangeOf = (piece: Piece) => Interval<Scalar> | undefined;

/** The longest prefix that all rules lie in. */
function prefixAround(pieces: readonly Piece[], of: RangeOf, family: Family): Interval<Scalar> {
  let [low, high]: readonly (Scalar | undefined)[] = [];
  for (const piece of pieces) {
    const range = of(piece);
    if (range === undefined) continue;
    if (low === undefined || range[0] < low) low = range[0];
    if (high === undefined || range[1] > high) high = range[1];
  }
  const differ = BigInt(low ?? 0) ^ BigInt(high ?? 0);
  const rest = (1n << BigInt(differ === 0n ? 0 : differ.toString(2).length)) - 1n;
  const [from, to] = [BigInt(low ?? 0) & ~rest, BigInt(high ?? 0) | rest];
  return family === 6 ? [from, to] : [Number(from), Number(to)];
}

interface Halves {
  readonly parts: readonly Part[];
  /** Rules that lie in neither half. */
  readonly across: readonly Piece[];
}

/** The part in two, each narrowed; undefined where there is nothing to halve. */
function halved(part: Part, of: RangeOf, family: Family): Halves | undefined {
  const halves = halvesOf(part.range, family);
  if (part.pieces.length < 2 || halves === undefined) return undefined;
  const inside = halves.map(range => part.pieces.filter(piece => lies(of(piece), range))).filter(pieces => pieces.length > 0);
  if (inside.length === 0) return undefined;
  return {
    parts: inside.map((pieces): Part => ({ range: prefixAround(pieces, of, family), pieces })),
    across: part.pieces.filter(piece => !halves.some(half => lies(of(piece), half))),
  };
}

const lies = (inner: Interval<Scalar> | undefined, outer: Interval<Scalar>): boolean =>
  inner !== undefined && outer[0] <= inner[0] && inner[1] <= outer[1];

function halvesOf([low, high]: Interval<Scalar>, family: Family): readonly Interval<Scalar>[] | undefined {
  if (low === high) return undefined;
  const middle = BigInt(low) + (BigInt(high) - BigInt(low)) / 2n;
  if (family === 6)
    return [
      [low, middle],
      [middle + 1n, high],
    ];
  return [
    [low, Number(middle)],
    [Number(middle) + 1, high],
  ];
}
