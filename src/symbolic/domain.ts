import type { Scalar } from "../predicate/index.ts";

/** A point of a domain: a number, a wide number, or a name (names are ordered by their code units). */
export type Point = Scalar | string;

/**
 * The values of a field as ranks: the elementary intervals between all constants that occur, in order. Within one rank no rule tells values
 * apart. Where a field can be absent, rank 0 is its absence.
 */
export class Domain {
  /** Least point of each interval; numbers that need no bigint in one piece. */
  private readonly points: readonly Point[] | Float64Array;
  /** Greatest value; undefined for names, which have none. */
  readonly greatest: Scalar | undefined;
  readonly optional: boolean;
  /** The interval that each point begins. */
  private begun: ReadonlyMap<Point, number> | undefined;

  /** `cuts` are least points of intervals besides the domain's own least; or another domain's starts, which fields with the same constants share. */
  constructor(least: Point, greatest: Scalar | undefined, optional: boolean, cuts: Iterable<Point> | Domain) {
    this.points = cuts instanceof Domain ? cuts.points : startsOf(least, greatest, cuts);
    this.greatest = greatest;
    this.optional = optional;
  }

  /** Least point of each interval. */
  get starts(): readonly Point[] {
    return [...this.points];
  }

  /** Number of ranks. */
  get size(): number {
    return this.points.length + Number(this.optional);
  }

  /** The rank of a value; undefined means absent. A value beyond the domain gets the nearest rank. */
  rankOf(value: Point | undefined): number {
    if (value === undefined) return 0;
    const { points } = this;
    let low = 0;
    let high = points.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((points[middle] as Point) <= value) low = middle;
      else high = middle - 1;
    }
    return low + Number(this.optional);
  }

  /** The rank that a value begins; undefined where none begins there. */
  beginningAt(value: Point): number | undefined {
    this.begun ??= new Map(Array.from(this.points as readonly Point[], (point, index): [Point, number] => [point, index]));
    const index = this.begun.get(value);
    return index === undefined ? undefined : index + Number(this.optional);
  }

  isAbsent(rank: number): boolean {
    return this.optional && rank === 0;
  }

  /** Least value of a rank; undefined for absence. */
  lowOf(rank: number): Point | undefined {
    return this.isAbsent(rank) ? undefined : this.points[rank - Number(this.optional)];
  }

  /** Least point after a rank; undefined where the domain ends. */
  afterOf(rank: number): Point | undefined {
    return this.points[rank + 1 - Number(this.optional)];
  }

  /** The values of a rank, of a domain of numbers. */
  rangeOf(rank: number): readonly [low: Scalar, high: Scalar] {
    const low = this.lowOf(rank) as Scalar;
    const after = this.afterOf(rank) as Scalar | undefined;
    if (after === undefined) return [low, this.greatest as Scalar];
    return [low, typeof after === "bigint" ? after - 1n : after - 1];
  }
}

/** The point after a value, for cuts behind it. */
export function after(value: Scalar): Scalar {
  return typeof value === "bigint" ? value + 1n : value + 1;
}

/** The first name after all names that start with a text; undefined where there is none. */
export function afterPrefix(text: string): string | undefined {
  if (text === "") return undefined;
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
}

/** The first name after a name. */
export const afterName = (name: string): string => `${name}\u0000`;

/** The least point and the cuts that lie in the domain, in order, each once; numbers the quick way. */
function startsOf(least: Point, greatest: Scalar | undefined, cuts: Iterable<Point>): readonly Point[] | Float64Array {
  const inside = [least];
  for (const cut of cuts) if (least < cut && (greatest === undefined || (cut as Scalar) <= greatest)) inside.push(cut);
  const sorted =
    typeof least === "number"
      ? Float64Array.from(inside as number[]).toSorted()
      : typeof least === "bigint"
        ? inside.toSorted((a, b) => (a < b ? -1 : 1))
        : inside.toSorted();
  return sorted.filter((point: Point, index: number) => index === 0 || sorted[index - 1] !== point) as readonly Point[] | Float64Array;
}
