import type { Field, Predicate, Range, Scalar } from "../../predicate/index.ts";
import { bitsClash, clashes, namesClash } from "./clash.ts";
import type { BitsLiteral, MemberLiteral, NameLiteral } from "./literal.ts";

/** What a field may be: in one of the ranges, or not there at all. */
export interface Span {
  readonly ranges: readonly Range[];
  readonly absent: boolean;
}

/** A set of packets that contains every packet of which a conjunction of tests holds, and perhaps more: tests that no box can say are left out. */
export interface Box {
  readonly spans: ReadonlyMap<Field, Span>;
  readonly names: readonly NameLiteral[];
  readonly bits: readonly BitsLiteral[];
  readonly members: readonly MemberLiteral[];
}

const EVERYTHING: Box = { spans: new Map(), names: [], bits: [], members: [] };

/** Boxes of one predicate, beyond which one box for everything stands. */
const MOST_BOXES = 16;

/** Boxes that together contain every packet for which the predicate may hold; none where it never does. Opaque conditions may always hold. */
export function boxesOf(predicate: Predicate, negated = false): readonly Box[] {
  switch (predicate.is) {
    case "constant":
      return predicate.value !== negated ? [EVERYTHING] : [];
    case "opaque":
      return predicate.opaque.always === negated ? [] : [EVERYTHING];
    case "not":
      return boxesOf(predicate.of, !negated);
    case "in":
      return [
        spanBox(
          predicate.field,
          negated ? { ranges: outside(predicate.ranges), absent: true } : { ranges: predicate.ranges, absent: false },
        ),
      ];
    case "present":
      return [spanBox(predicate.field, negated ? { ranges: [], absent: true } : { ranges: ANY, absent: false })];
    case "name":
      return [{ ...EVERYTHING, names: [{ field: predicate.field, text: predicate.text, prefix: predicate.prefix, negated }] }];
    case "bits":
      return [{ ...EVERYTHING, bits: [{ field: predicate.field, mask: predicate.mask, value: predicate.value, negated }] }];
    case "member":
      return [{ ...EVERYTHING, members: [{ test: predicate.test, negated }] }];
    case "all":
    case "any":
      return (predicate.is === "all") === negated ? either(predicate.of, negated) : both(predicate.of, negated);
  }
}

function either(parts: readonly Predicate[], negated: boolean): readonly Box[] {
  const boxes: Box[] = [];
  for (const part of parts) {
    boxes.push(...boxesOf(part, negated));
    if (boxes.length > MOST_BOXES) return [EVERYTHING];
  }
  return boxes;
}

function both(parts: readonly Predicate[], negated: boolean): readonly Box[] {
  let boxes: readonly Box[] = [EVERYTHING];
  for (const part of parts) {
    const more = boxesOf(part, negated);
    // A test that would make too many boxes is left out: the boxes are larger then.
    if (boxes.length * more.length > MOST_BOXES) continue;
    boxes = boxes.flatMap(box => more.map(other => meet(box, other))).filter(box => !isEmpty(box));
  }
  return boxes;
}

const spanBox = (field: Field, span: Span): Box => ({ ...EVERYTHING, spans: new Map([[field, span]]) });

/** Beyond every value of every field. */
const TOP: Scalar = 1n << 256n;
const ANY: readonly Range[] = [[0, TOP]];

/** What lies in no range. */
function outside(ranges: readonly Range[]): readonly Range[] {
  const sorted = ranges.filter(([low, high]) => low <= high).toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const rest: Range[] = [];
  let next: Scalar = 0;
  for (const [low, high] of sorted) {
    if (next < low) rest.push([next, before(low)]);
    if (high >= next) next = after(high);
  }
  if (next <= TOP) rest.push([next, TOP]);
  return rest;
}

const before = (value: Scalar): Scalar => (typeof value === "bigint" ? value - 1n : value - 1);
const after = (value: Scalar): Scalar => (typeof value === "bigint" ? value + 1n : value + 1);

/** The packets of both boxes. */
export function meet(a: Box, b: Box): Box {
  const spans = new Map(a.spans);
  for (const [field, span] of b.spans) {
    const mine = spans.get(field);
    spans.set(field, mine ? { ranges: common(mine.ranges, span.ranges), absent: mine.absent && span.absent } : span);
  }
  return { spans, names: joined(a.names, b.names), bits: joined(a.bits, b.bits), members: joined(a.members, b.members) };
}

const joined = <T>(a: readonly T[], b: readonly T[]): readonly T[] => (a.length === 0 ? b : b.length === 0 ? a : [...a, ...b]);

function common(a: readonly Range[], b: readonly Range[]): readonly Range[] {
  return a.flatMap(([low, high]) =>
    b.map(([from, to]): Range => [low > from ? low : from, high < to ? high : to]).filter(([from, to]) => from <= to),
  );
}

function isEmpty({ spans, names, bits }: Box): boolean {
  for (const { ranges, absent } of spans.values()) if (ranges.length === 0 && !absent) return true;
  return names.some((name, at) => names.some((other, index) => index > at && namesClash(name, other))) || clashes(bits, bits, bitsClash);
}
