import {
  FIELDS,
  memberText,
  type Field,
  type Predicate,
  type Range,
  type Scalar,
  type SetEnd,
  type SetTest,
  type Value,
} from "../predicate/index.ts";
import { bitRanges, extract, isGrouped, meeting, rangeTests, widthOf, type BitTest, type Meeting } from "./bit-groups.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import { after, afterName, afterPrefix, type Domain, type Point } from "./domain.ts";
import { MIRROR, PER_PACKET } from "./level.ts";
import { MOST_BIT_RANGES, narrower } from "./constants.ts";
import { memberKey, type Group, type Space } from "./space.ts";

/**
 * How the packet that a rule sees lies in the diagrams: packets of the server are seen in a mirror, so that a level means the same for the whole
 * session; fields that are the same for all packets in question are fixed.
 */
export interface View {
  readonly mirrored: boolean;
  /** Which packet's own fields and conditions are meant: 0 the client's, 1 the server's. */
  readonly instance: number;
  /** Values that fields have; undefined for absent. */
  readonly fixed: ReadonlyMap<Field, Value>;
}

/** Ranks of one level, from `low` to `high` of `last`. */
export interface Span {
  readonly level: number;
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

/** A field's level and ranks. */
interface Spanned {
  readonly level: number;
  readonly domain: Domain;
  /** Are its values numbers, where ranges may be of wide ones? */
  readonly narrow: boolean;
}

/** Predicates as sets of packets under one view. */
export class Lowering {
  readonly space: Space;
  readonly view: View;
  private readonly memo = new Map<Predicate, Diagram>();
  /** Fields of which a range is a range of ranks of one level, and those of which it is not. */
  private readonly spanned = new Map<Field, Spanned | undefined>();

  constructor(space: Space, view: View) {
    this.space = space;
    this.view = view;
  }

  /** The set of a predicate. */
  set(predicate: Predicate): Diagram {
    // A range is as quickly made as looked up.
    if (predicate.is === "in" && predicate.ranges.length === 1) return this.lower(this.space.surroundings.prepare(predicate));
    const known = this.memo.get(predicate);
    if (known !== undefined) return known;
    const result = this.lower(this.space.surroundings.prepare(predicate));
    this.memo.set(predicate, result);
    return result;
  }

  private lower(predicate: Predicate): Diagram {
    const { diagrams } = this.space;
    switch (predicate.is) {
      case "constant":
        return predicate.value ? YES : NO;
      case "in":
        return this.within(predicate.field, predicate.ranges);
      case "bits":
        return this.bits(predicate.field, BigInt(predicate.mask), BigInt(predicate.value));
      case "name":
        return this.name(predicate.field, predicate.text, predicate.prefix);
      case "present":
        return this.present(predicate.field);
      case "not":
        return diagrams.not(this.set(predicate.of));
      case "all":
        return this.fold(predicate.of, NO, YES);
      case "any":
        return this.fold(predicate.of, YES, NO);
      case "member":
        return this.member(predicate.test);
      case "opaque": {
        const { about, always } = predicate.opaque;
        if (always !== undefined) return always ? YES : NO;
        const level = this.space.conditionLevel(this.space.opaqueKey(predicate.opaque), about, this.view.instance);
        return diagrams.interval(level, 1, 1, 1, YES, NO);
      }
    }
  }

  /** All or any of the parts, halved again and again. */
  private fold(parts: readonly Predicate[], absorbing: Diagram, neutral: Diagram): Diagram {
    const { diagrams } = this.space;
    const visit = (low: number, high: number): Diagram => {
      if (high - low === 1) return this.set(parts[low] as Predicate);
      const middle = (low + high) >> 1;
      const left = visit(low, middle);
      if (left === absorbing) return left;
      const right = visit(middle, high);
      return absorbing === NO ? diagrams.and(left, right) : diagrams.or(left, right);
    };
    return parts.length === 0 ? neutral : visit(0, parts.length);
  }

  private member(test: SetTest): Diagram {
    const { mirrored, instance } = this.view;
    const dimensions = mirrored ? test.dimensions.map((end): SetEnd => (end === "src" ? "dst" : "src")) : test.dimensions;
    const seen = { ...test, dimensions };
    // Who is in a set is so for all packets of a session; what the set has counted is not.
    const counted = test.packets !== undefined || test.bytes !== undefined;
    const level = this.space.conditionLevel(memberKey(seen), memberText(seen), counted ? instance : 0);
    return this.space.diagrams.interval(level, 1, 1, 1, YES, NO);
  }

  /** The level of a field for this view, and of a group of its bits. */
  level(field: Field, group?: Group): number {
    return this.space.fieldLevel(this.seen(field), PER_PACKET.has(field) ? this.view.instance : 0, group);
  }

  /** The field of the session that a field of its packet is in this view. */
  seen(field: Field): Field {
    return this.view.mirrored ? (MIRROR[field] ?? field) : field;
  }

  private within(field: Field, given: readonly Range[]): Diagram {
    const ranges = this.fitted(field, given);
    const { fixed } = this.view;
    if (fixed.has(field)) {
      const value = fixed.get(field);
      return value !== undefined && typeof value !== "string" && ranges.some(([low, high]) => low <= value && value <= high) ? YES : NO;
    }
    const { diagrams } = this.space;
    if (isGrouped(field)) {
      let result: Diagram = NO;
      for (const range of ranges)
        for (const test of rangeTests(range, FIELDS[field].bits)) result = diagrams.or(result, this.bits(field, test.mask, test.value));
      return result;
    }
    const domain = this.space.domainOf(field);
    const spanned = ranges.length === 1 ? this.spannedBy(field) : undefined;
    const span = spanned && this.spanIn(spanned, field, ranges[0] as Range);
    if (span !== undefined) return diagrams.interval(span.level, span.low, span.high, span.last, YES, NO);
    const spans: [number, number][] = [];
    for (const [low, high] of ranges) {
      if (low > high || (domain.greatest !== undefined && low > domain.greatest)) continue;
      const first = this.exact(domain, low, field);
      const last = domain.rankOf(high);
      if (domain.greatest === undefined || high < domain.greatest) this.exact(domain, after(high), field);
      spans.push([first, last]);
    }
    return this.spans(this.level(field), domain, spans);
  }

  /** Does a predicate ask for one range of one field, so that `span` most likely tells its ranks? */
  isSpan(predicate: Predicate): boolean {
    return predicate.is === "in" && predicate.ranges.length === 1 && this.spannedBy(predicate.field) !== undefined;
  }

  /** The ranks that a predicate asks of one level, where it is one range of one field: most tests of most rules are, and need no set to be made. */
  span(predicate: Predicate): Span | undefined {
    if (predicate.is !== "in" || predicate.ranges.length !== 1) return undefined;
    const { field } = predicate;
    const spanned = this.spannedBy(field);
    return spanned && this.spanIn(spanned, field, predicate.ranges[0] as Range);
  }

  private spanIn({ level, domain, narrow }: Spanned, field: Field, range: Range): Span | undefined {
    const least = narrow ? Number(range[0]) : range[0];
    const most = narrow ? Number(range[1]) : range[1];
    if (least > most || (domain.greatest !== undefined && most > domain.greatest)) return undefined;
    const low = this.exact(domain, least, field);
    return { level, low, high: least === most ? low : this.lastOf(domain, most), last: domain.size - 1 };
  }

  private spannedBy(field: Field): Spanned | undefined {
    if (this.spanned.has(field)) return this.spanned.get(field);
    const { space, view } = this;
    const spanned =
      view.fixed.has(field) || isGrouped(field) || space.surroundings.decides(field)
        ? undefined
        : { level: this.level(field), domain: space.domainOf(field), narrow: widthOf(field, space.family) <= 53 };
    this.spanned.set(field, spanned);
    return spanned;
  }

  /** The rank that a value ends. */
  private lastOf(domain: Domain, value: Scalar): number {
    const next = value === domain.greatest ? domain.size : domain.beginningAt(after(value));
    return next === undefined ? domain.rankOf(value) : next - 1;
  }

  /** Numbers where the field's ranks are of numbers. */
  private fitted(field: Field, ranges: readonly Range[]): readonly Range[] {
    const wide = ranges.some(range => typeof range[0] === "bigint" || typeof range[1] === "bigint");
    return wide && widthOf(field, this.space.family) <= 53 ? ranges.map(([low, high]): Range => [Number(low), Number(high)]) : ranges;
  }

  /** The rank that a value begins; a constant that was not taken beforehand is a bug. */
  private exact(domain: Domain, value: Point, field: Field): number {
    const rank = domain.beginningAt(value);
    if (rank === undefined) throw new RangeError(`${field} ${value}: a constant that was not taken before the ranks were fixed`);
    return rank;
  }

  private spans(level: number, domain: Domain, spans: [number, number][]): Diagram {
    const last = domain.size - 1;
    const [only] = spans;
    if (only === undefined) return NO;
    if (spans.length === 1) return this.space.diagrams.interval(level, only[0], only[1], last, YES, NO);
    const merged: [number, number][] = [];
    for (const [low, high] of spans.toSorted((a, b) => a[0] - b[0])) {
      const before = merged.at(-1);
      if (before && low <= before[1] + 1) before[1] = Math.max(before[1], high);
      else merged.push([low, high]);
    }
    return this.space.diagrams.intervals(level, merged, last, YES, NO);
  }

  private bits(field: Field, mask: bigint, value: bigint): Diagram {
    const { fixed } = this.view;
    if (fixed.has(field)) {
      const known = fixed.get(field);
      return known !== undefined && typeof known !== "string" && (BigInt(known) & mask) === value ? YES : NO;
    }
    const { diagrams } = this.space;
    const groups = this.space.groupsOf(field);
    if (groups === undefined) {
      const width = widthOf(field, this.space.family);
      const narrow = narrower(width);
      const ranges = bitRanges(mask, value, width, MOST_BIT_RANGES);
      if (ranges !== undefined)
        return this.within(
          field,
          ranges.map(([low, high]) => [narrow(low), narrow(high)] as const),
        );
      const seen = this.view.mirrored ? (MIRROR[field] ?? field) : field;
      const about = `${seen} & 0x${mask.toString(16)} = 0x${value.toString(16)}`;
      const level = this.space.conditionLevel(about, about, 0, { field: seen, mask, value });
      return this.bitsByRank(field, { mask, value }, diagrams.interval(level, 1, 1, 1, YES, NO));
    }
    if ((value & ~mask) !== 0n) return NO;
    // A mask without bits asks for nothing but presence.
    let result = this.present(field);
    for (const group of groups) {
      if ((group.mask & mask) === 0n) continue;
      if ((group.mask & mask) !== group.mask)
        throw new RangeError(`${field} & 0x${mask.toString(16)}: a mask that was not taken before the ranks were fixed`);
      const rank = this.exact(group.domain, extract(value, group.mask), field);
      const one = diagrams.interval(this.level(field, group), rank, rank, group.domain.size - 1, YES, NO);
      result = diagrams.and(result, one);
    }
    return result;
  }

  /** A test of bits that ranks are too coarse for: the condition decides within those that have values of both kinds. */
  private bitsByRank(field: Field, test: BitTest, condition: Diagram): Diagram {
    const domain = this.space.domainOf(field);
    const spans: Record<Meeting, [number, number][]> = { all: [], some: [], none: [] };
    for (let rank = 0; rank < domain.size; rank++)
      if (!domain.isAbsent(rank)) spans[meeting(test, domain.rangeOf(rank))].push([rank, rank]);
    const { diagrams } = this.space;
    const level = this.level(field);
    return diagrams.or(this.spans(level, domain, spans.all), diagrams.and(this.spans(level, domain, spans.some), condition));
  }

  private name(field: Field, text: string, prefix: boolean): Diagram {
    const { fixed } = this.view;
    if (fixed.has(field)) {
      const value = fixed.get(field);
      return typeof value === "string" && (prefix ? value.startsWith(text) : value === text) ? YES : NO;
    }
    const domain = this.space.domainOf(field);
    const first = this.exact(domain, text, field);
    const next = prefix ? afterPrefix(text) : afterName(text);
    const last = next === undefined ? domain.size - 1 : this.exact(domain, next, field) - 1;
    return this.spans(this.level(field), domain, [[first, last]]);
  }

  private present(field: Field): Diagram {
    const { fixed } = this.view;
    if (fixed.has(field)) return fixed.get(field) === undefined ? NO : YES;
    const group = this.space.groupsOf(field)?.[0];
    const domain = group?.domain ?? this.space.domainOf(field);
    if (!domain.optional) return YES;
    return this.space.diagrams.interval(this.level(field, group), 1, domain.size - 1, domain.size - 1, YES, NO);
  }
}
