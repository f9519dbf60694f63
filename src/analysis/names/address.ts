import { difference, equalSets, isSubset, union, type IntervalSet } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import type { Ranges } from "../witness.ts";
import { ALL_ADDRESSES, enclosingPrefix, isPrefix, KNOWN_NETWORKS, type NamedRanges } from "./known-networks.ts";
import { addressRange, addressRanges, clipped } from "./range-text.ts";

/** The names that addresses of one family have: those of a machine and its sets first, then those that everybody knows. */
export interface AddressNames {
  readonly family: Family;
  /** By `rangesKey`. */
  readonly exact: ReadonlyMap<string, string>;
  /** Those to put others together from, in order of preference. */
  readonly parts: readonly NamedRanges[];
}

/** Sets with more ranges than this are named by what they are, not put together from others. */
const MANY_RANGES = 150;
/** Names that others are put together from. */
const PARTS_MAX = 64;
/** From this cost on a text is longer than a name should be. */
const TOO_LONG = 7.5;
/** Letters of a name. */
const NAME_MAX = 90;

/** The names of a family: own ones before common knowledge; of two names of the same addresses the first stays. */
export function addressNames(family: Family, own: readonly NamedRanges[]): AddressNames {
  const exact = new Map<string, string>();
  const all = [...own, ...KNOWN_NETWORKS[family]].filter(({ ranges }) => ranges.length > 0);
  for (const { name, ranges } of all) {
    const key = rangesKey(ranges);
    if (!exact.has(key)) exact.set(key, name);
  }
  return { family, exact, parts: all.filter(({ ranges }) => ranges.length <= MANY_RANGES).slice(0, PARTS_MAX) };
}

/**
 * What people call a set of addresses: `anywhere`, `lan0's network`, `10.0.0.0/8 but 10.1.0.0/16`, `192.0.2.1, 192.0.2.7 and 5 more`. At most 90
 * letters. The name may cover `spare` addresses too, about which nobody asks.
 */
export function addressText(ranges: Ranges, names: AddressNames, spare: Ranges = []): string {
  return short(found(ranges, names, spare).text, limit => listed(ranges, names, spare, limit));
}

/**
 * Names for the classes of a partition, which cover all addresses: as addressText has them, but the largest class is `everything else` where its
 * own name would be long.
 */
export function classNames(classes: readonly Ranges[], names: AddressNames): readonly string[] {
  const sizes = classes.map(addressCount);
  const largest = sizes.reduce((best, size, i) => (size > (sizes[best] as bigint) ? i : best), 0);
  return classes.map((ranges, i) => {
    const { text, cost } = found(ranges, names, []);
    return classes.length > 1 && i === largest && cost > 3 ? "everything else" : short(text, limit => listed(ranges, names, [], limit));
  });
}

/** A text that is no longer than a name may be: fewer ranges rather than half of one. */
function short(text: string, list: (limit: number) => string): string {
  if (text.length <= NAME_MAX) return text;
  const shorter = [2, 1].map(list).find(each => each.length <= NAME_MAX);
  return shorter ?? clipped(text, NAME_MAX);
}

const addressCount = (ranges: Ranges): bigint => ranges.reduce((sum, [low, high]) => sum + BigInt(high) - BigInt(low) + 1n, 0n);

/** A text that stands for the ranges alone. */
export const rangesKey = (ranges: Ranges): string => ranges.map(([low, high]) => `${low}-${high}`).join();

interface Named {
  readonly text: string;
  /** What it costs to read. */
  readonly cost: number;
}

function found(ranges: Ranges, names: AddressNames, spare: Ranges): Named {
  if (ranges.length === 0) return { text: "nobody", cost: 0 };
  const set = ranges as IntervalSet<Scalar>;
  const most = spare.length === 0 ? set : union(set, spare as IntervalSet<Scalar>);
  const everything = ALL_ADDRESSES[names.family] as IntervalSet<Scalar>;
  if (equalSets(most, everything)) return { text: "anywhere", cost: 0 };
  const name = names.exact.get(rangesKey(ranges));
  if (name !== undefined) return { text: name, cost: 1 };
  const cost = listCost(ranges);
  const better = ranges.length > MANY_RANGES ? undefined : composed(set, most, names, spare, cost);
  return better ?? { text: listed(ranges, names, spare, 3), cost };
}

/** The best name that is put together from others, if it costs less than `limit`. `most` is the set with spare addresses. */
function composed(
  set: IntervalSet<Scalar>,
  most: IntervalSet<Scalar>,
  names: AddressNames,
  spare: Ranges,
  limit: number,
): Named | undefined {
  // Without spare addresses a single other name is as good as the set's own, of which there is none.
  if (limit <= (spare.length === 0 ? 2 : 1)) return undefined;
  const enclosing = enclosingPrefix(set);
  const bases: NamedRanges[] = [
    ...names.parts.filter(part => isSubset(set, part.ranges as IntervalSet<Scalar>)),
    { name: "anywhere", ranges: ALL_ADDRESSES[names.family] },
    { name: names.exact.get(rangesKey(enclosing)) ?? addressRanges(enclosing), ranges: enclosing },
  ];
  let least = Math.min(limit, TOO_LONG);
  let best = joined(set, names, spare, least);
  for (const base of bases) {
    least = best?.cost ?? least;
    best = without(most, base, names, spare, least) ?? best;
  }
  return best;
}

/** The first of many ranges; of more than half of all addresses those that lack: `anywhere but 10.0.0.1, 10.0.0.9 and 200 more`. */
function listed(ranges: Ranges, { family }: AddressNames, spare: Ranges, limit: number): string {
  const everything = ALL_ADDRESSES[family] as IntervalSet<Scalar>;
  if (addressCount(ranges) * 2n <= addressCount(everything)) return addressRanges(ranges, limit);
  const lacking = difference(difference(everything, ranges as IntervalSet<Scalar>), spare as IntervalSet<Scalar>);
  return lacking.length === 0 ? "anywhere" : `anywhere but ${addressRanges(lacking, limit)}`;
}

const pieceCost = (range: readonly [Scalar, Scalar]): number => (isPrefix(range) ? 1 : 2);
const listCost = (ranges: Ranges): number => ranges.reduce((sum, range) => sum + pieceCost(range), 0);

/** Pieces with their names, where these are few. */
function pieces(ranges: Ranges, names: AddressNames): Named | undefined {
  if (ranges.length === 0 || ranges.length > 4) return undefined;
  const name = names.exact.get(rangesKey(ranges));
  if (name !== undefined) return { text: name, cost: 1 };
  const text = ranges.map(range => names.exact.get(rangesKey([range])) ?? addressRange(range)).join(", ");
  return { text, cost: listCost(ranges) };
}

/** `anywhere but 10.0.0.0/8`; the base alone where nothing of it lacks. Only if it costs less than `limit`. */
function without(set: IntervalSet<Scalar>, base: NamedRanges, names: AddressNames, spare: Ranges, limit: number): Named | undefined {
  if (limit <= 1) return undefined;
  const lacking = difference(base.ranges as IntervalSet<Scalar>, set);
  if (lacking.length === 0) return { text: base.name, cost: 1 };
  const cut = joined(lacking, names, spare, limit - 1.5);
  return cut && { text: `${base.name} but ${cut.text}`, cost: cut.cost + 1.5 };
}

/** Names of parts that the set and spare addresses hold, and what is left: `self, the set admins, 192.0.2.1`. Only if it costs less than `limit`. */
function joined(set: IntervalSet<Scalar>, names: AddressNames, spare: Ranges, limit: number): Named | undefined {
  if (limit <= 1) return undefined;
  const withSpare = (own: IntervalSet<Scalar>): IntervalSet<Scalar> =>
    spare.length === 0 ? own : union(own, spare as IntervalSet<Scalar>);
  let left = set;
  let room = withSpare(left);
  const said: string[] = [];
  for (const { name, ranges } of names.parts) {
    if (left.length === 0 || said.length === 5) break;
    const part = ranges as IntervalSet<Scalar>;
    if (!isSubset(part, room)) continue;
    const rest = difference(left, part);
    if (spare.length > 0 && equalSets(rest, left)) continue;
    said.push(name);
    left = rest;
    if (said.length + Number(left.length > 0) >= limit) return undefined;
    room = withSpare(left);
  }
  const rest = pieces(left, names);
  if (rest === undefined && left.length > 0) return undefined;
  const cost = said.length + (rest?.cost ?? 0);
  return cost < limit ? { text: [...said, ...(rest ? [rest.text] : [])].join(", "), cost } : undefined;
}

/** The union of several sets of addresses. */
export const unionOf = (sets: readonly Ranges[]): Ranges => {
  if (sets.length <= 1) return sets[0] ?? [];
  const middle = sets.length >> 1;
  return union(unionOf(sets.slice(0, middle)) as IntervalSet<Scalar>, unionOf(sets.slice(middle)) as IntervalSet<Scalar>);
};
