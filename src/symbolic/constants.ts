import { FIELDS, type Family, type Field, type Predicate, type Scalar } from "../predicate/index.ts";
import { bitRanges, isGrouped, rangeTests, widthOf } from "./bit-groups.ts";
import { after, afterName, afterPrefix, type Point } from "./domain.ts";

/** Tests of bits of a number field become at most so many ranges; beyond that they are a condition. */
export const MOST_BIT_RANGES = 4096;

/** Fields whose values are compared with each other, or taken one for the other: they share a domain. */
const FAMILIES_OF_FIELDS: readonly (readonly Field[])[] = [
  ["saddr", "daddr", "ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst"],
  ["sport", "dport", "ctorigsrcport", "ctorigdstport", "ctreplsrcport", "ctrepldstport"],
  ["iif", "oif"],
  ["physin", "physout"],
  ["mark", "ctmark", "socketmark"],
  ["protocol", "ctproto"],
];

const LEADER: ReadonlyMap<Field, Field> = new Map(
  FAMILIES_OF_FIELDS.flatMap(fields => fields.map((field): [Field, Field] => [field, fields[0] as Field])),
);

/** The field whose constants stand for a field's. */
export const leaderOf = (field: Field): Field => LEADER.get(field) ?? field;

/** Fields that every packet has. */
const ALWAYS: ReadonlySet<Field> = new Set([
  "family",
  "saddr",
  "daddr",
  "iif",
  "oif",
  "fragoff",
  "morefrags",
  "l4length",
  "length",
  "ttl",
  "tos",
  "mark",
  "priority",
  "pkttype",
  "socket",
  "saddrtype",
  "daddrtype",
  "saddrtypeIn",
  "daddrtypeIn",
  "saddrtypeOut",
  "daddrtypeOut",
  "ctstate",
  "ctzone",
  "cpu",
  "realm",
  "rpf",
  "ipsecin",
  "ipsecout",
] satisfies Field[]);

/** Has every packet the field? */
export const isAlwaysThere = (field: Field): boolean => ALWAYS.has(field);

/** Constants of everything that is to be analysed together; ranks are fixed when it is built. */
export class Constants {
  /** Least points of intervals, in any order and some more than once. */
  readonly cuts: Map<Field, Point[]> = new Map();
  /** Masks by the field whose constants stand for its own. */
  readonly masks: Map<Field, Set<bigint>> = new Map();
  readonly tests: Map<Field, { readonly mask: bigint; readonly value: bigint }[]> = new Map();
  /** Fields that some predicate asks or some action changes. */
  readonly used: Set<Field> = new Set();
  /** Protocols that are asked for by themselves. */
  readonly protocols: Set<number> = new Set();
  private readonly seen: Set<Predicate> = new Set();
  private readonly family: Family;

  constructor(family: Family) {
    this.family = family;
  }

  /** Takes the constants of a prepared predicate. */
  predicate(predicate: Predicate): void {
    switch (predicate.is) {
      case "in": {
        const { field, ranges } = predicate;
        this.used.add(field);
        // By index: taking a range apart makes an object until this is compiled, and it is over by then.
        if (!isGrouped(field)) for (const range of ranges) this.range(field, range[0], range[1]);
        else
          for (const range of ranges) for (const test of rangeTests(range, FIELDS[field].bits)) this.bitTest(field, test.mask, test.value);
        return;
      }
      case "bits":
        return this.bits(predicate.field, predicate.mask, predicate.value);
      case "name":
        return this.name(predicate.field, predicate.text, predicate.prefix);
      case "present":
        this.used.add(predicate.field);
        return;
      case "constant":
      case "opaque":
      case "member":
        return;
      case "not":
        return this.predicate(predicate.of);
      case "all":
      case "any":
        if (this.seen.has(predicate)) return;
        this.seen.add(predicate);
        for (const part of predicate.of) this.predicate(part);
    }
  }

  /** An inclusive range. */
  range(field: Field, low: Scalar, high: Scalar): void {
    this.used.add(field);
    if (field === "protocol" && low === high) this.protocols.add(Number(low));
    this.cut(field, low);
    this.cut(field, after(high));
  }

  bits(field: Field, mask: Scalar, value: Scalar): void {
    this.used.add(field);
    if (isGrouped(field)) return this.bitTest(field, BigInt(mask), BigInt(value));
    const width = widthOf(field, this.family);
    const narrow = narrower(width);
    for (const [low, high] of bitRanges(mask, value, width, MOST_BIT_RANGES) ?? []) this.range(field, narrow(low), narrow(high));
  }

  /** Bits that are asked for together, or changed together. */
  mask(field: Field, mask: bigint): void {
    this.used.add(field);
    const leader = leaderOf(field);
    let masks = this.masks.get(leader);
    if (masks === undefined) this.masks.set(leader, (masks = new Set()));
    masks.add(mask);
  }

  bitTest(field: Field, mask: bigint, value: bigint): void {
    this.mask(field, mask);
    const leader = leaderOf(field);
    const tests = this.tests.get(leader);
    if (tests) tests.push({ mask, value });
    else this.tests.set(leader, [{ mask, value }]);
  }

  name(field: Field, text: string, prefix: boolean): void {
    this.used.add(field);
    this.cut(field, text);
    const next = prefix ? afterPrefix(text) : afterName(text);
    if (next !== undefined) this.cut(field, next);
  }

  cut(field: Field, at: Point): void {
    const leader = leaderOf(field);
    let cuts = this.cuts.get(leader);
    if (cuts === undefined) this.cuts.set(leader, (cuts = []));
    cuts.push(typeof at === "bigint" && widthOf(field, this.family) <= 53 ? Number(at) : at);
  }

  /** Every value by itself, for small fields that actions change by arithmetic. */
  everyValue(field: Field): void {
    this.used.add(field);
    for (let value = 0; value < 2 ** FIELDS[field].bits; value++) this.cut(field, value);
  }
}

/** Makes wide numbers what a field of so many bits has: bigints for more than 53 bits. */
export function narrower(bits: number): (value: bigint) => Scalar {
  return bits > 53 ? value => value : Number;
}
