import { IPV4_MAX, IPV6_MAX, printAddress, protocolName, type Interval } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import { printInterface } from "../../ruleset/index.ts";
import { prefixLength, rangeOf } from "./address-words.ts";
import { byPort } from "./port-cells.ts";
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
  /** Words that are true in every cell; empty for none. */
  readonly common: string;
}

/** An attribute by which rules can be told apart. */
export interface Attribute {
  readonly name: string;
  /** How many of the rules, from the first on, can be told apart by it. */
  reach(pieces: readonly Piece[], from: number, family: Family): number;
  /** The rules in cells, about so many at most; one where they cannot be told apart. */
  cells(pieces: readonly Piece[], family: Family, most: number): Cells;
}

/** The attributes in the order of the header: protocol, ports, addresses, interfaces. */
export const ATTRIBUTES: readonly Attribute[] = [
  byValue("protocol", protocolOf, number => `-p ${protocolName(number) ?? number}`, dropsUnreadable),
  byPort("dport"),
  byPort("sport"),
  byAddress("source"),
  byAddress("destination"),
  byInterface("inInterface", "-i"),
  byInterface("outInterface", "-o"),
];

function protocolOf({ rule: { header } }: Piece): number | undefined {
  return header.protocol && !header.protocol.invert && header.protocol.number !== 0 ? header.protocol.number : undefined;
}

/** In IPv6 whoever asks for the protocol drops packets without a readable one, so only a rule that asks for nothing else may come first. */
function dropsUnreadable({ rule: { header } }: Piece, family: Family): boolean {
  return family === 4 || Object.values(header).filter(test => test !== undefined).length === 1;
}

function byValue<T extends string | number>(
  name: string,
  of: (piece: Piece) => T | undefined,
  test: (value: T) => string,
  mayLead: (piece: Piece, family: Family) => boolean = () => true,
): Attribute {
  return {
    name,
    reach: (pieces, from, family) =>
      mayLead(pieces[from] as Piece, family) ? countWhile(pieces, from, piece => of(piece) !== undefined) : 0,
    cells(pieces, _, most) {
      const groups = new Map<T, Piece[]>();
      for (const piece of pieces) {
        const value = of(piece) as T;
        const group = groups.get(value);
        if (group) group.push(piece);
        else groups.set(value, [piece]);
      }
      if (groups.size > most * 4) return UNTOLD;
      const cells = [...groups].map(([value, members]): Cell => ({ test: test(value), share: 1 / (groups.size + 1), pieces: members }));
      return { cells, common: "" };
    },
  };
}

const UNTOLD: Cells = { cells: [], common: "" };

function countWhile(pieces: readonly Piece[], from: number, holds: (piece: Piece) => boolean): number {
  let at = from;
  while (at < pieces.length && holds(pieces[at] as Piece)) at++;
  return at - from;
}

function byInterface(key: "inInterface" | "outInterface", option: string): Attribute {
  return byValue(
    key,
    ({ rule: { header } }) => {
      const test = header[key];
      return test && !test.invert && !test.wildcard ? printInterface(test) : undefined;
    },
    name => `${option} ${name}`,
  );
}

/** Prefixes that are halved where the most rules are, until there are enough of them. */
function byAddress(end: "source" | "destination"): Attribute {
  const of = ({ rule: { header } }: Piece): Interval<Scalar> | undefined => {
    const test = header[end];
    return test &&
      !test.invert &&
      test.name === undefined &&
      prefixLength(rangeOf(test), typeof test.address === "number" ? 4 : 6) !== undefined
      ? rangeOf(test)
      : undefined;
  };
  const letter = end === "source" ? "s" : "d";
  const words = (range: Interval<Scalar>, family: Family): string =>
    `-${letter} ${printAddress(range[0])}/${prefixLength(range, family) ?? 0}`;
  return {
    name: end,
    reach(pieces, from, family) {
      const length = countWhile(pieces, from, piece => of(piece) !== undefined);
      const run = pieces.slice(from, from + length);
      const [low, high] = hullOf(run, of, family);
      // A rule for the whole of it keeps the others from being told apart.
      const widest = run.findIndex(piece => of(piece)?.[0] === low && of(piece)?.[1] === high);
      return widest < 0 ? length : widest;
    },
    cells(pieces, family, most) {
      const whole: Interval<Scalar> = family === 4 ? [0, IPV4_MAX] : [0n, IPV6_MAX];
      const start: Part = { range: hullOf(pieces, of, family), pieces };
      let parts: readonly Part[] = [start];
      const stuck = new Set<Part>();
      while (parts.length < most) {
        const open = parts.filter(part => !stuck.has(part));
        if (open.length === 0) break;
        const largest = open.reduce((a, b) => (b.pieces.length > a.pieces.length ? b : a));
        const halves = halved(largest, of, family);
        if (halves === undefined) stuck.add(largest);
        else parts = parts.flatMap(part => (part === largest ? halves : [part]));
      }
      const size = Number(BigInt(whole[1]) - BigInt(whole[0]) + 1n);
      const cells = parts.map(({ range, pieces: members }): Cell => ({
        test: words(range, family),
        share: Number(BigInt(range[1]) - BigInt(range[0]) + 1n) / size,
        pieces: members,
      }));
      return { cells, common: prefixLength(start.range, family) === 0 ? "" : words(start.range, family) };
    },
  };
}

interface Part {
  readonly range: Interval<Scalar>;
  readonly pieces: readonly Piece[];
}

type RangeOf = (piece: Piece) => Interval<Scalar> | undefined;

/** The longest prefix that all rules lie in. */
function hullOf(pieces: readonly Piece[], of: RangeOf, family: Family): Interval<Scalar> {
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

/** The part in two, each narrowed; undefined where a rule lies in both halves. */
function halved(part: Part, of: RangeOf, family: Family): readonly Part[] | undefined {
  const halves = halvesOf(part.range, family);
  if (part.pieces.length < 2 || halves === undefined) return undefined;
  const parts = halves.map((range): Part => ({ range, pieces: part.pieces.filter(piece => lies(of(piece), range)) }));
  if (parts.reduce((sum, { pieces }) => sum + pieces.length, 0) !== part.pieces.length) return undefined;
  return parts.filter(({ pieces }) => pieces.length > 0).map(({ pieces }): Part => ({ range: hullOf(pieces, of, family), pieces }));
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
