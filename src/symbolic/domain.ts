import type { Scalar } from "../predicate/index.ts";

/** A point of a domain: a number, a wide number, or a name (names are ordered by their code units). */
export type Point = Scalar | string;

/**
 * The values of a field as ranks: the elementary intervals between all constants that occur, in order. Within one rank no rule tells values
 * apart. Where a field can be absent, rank 0 is its absence.
 */
export class Domain {
  /** Least point of each interval. */
  readonly starts: readonly Point[];
  /** Greatest value; undefined for names, which have none. */
  readonly greatest: Scalar | undefined;
  readonly optional: boolean;

  /** `cuts` are least points of intervals besides the domain's own least. */
  constructor(least: Point, greatest: Scalar | undefined, optional: boolean, cuts: Iterable<Point>) {
    const points = new Set<Point>([least]);
    for (const cut of cuts) if (least <= cut && (greatest === undefined || (cut as Scalar) <= greatest)) points.add(cut);
    this.starts = sorted([...points]);
    this.greatest = greatest;
    this.optional = optional;
  }

  /** Number of ranks. */
  get size(): number {
    return this.starts.length + Number(this.optional);
  }

  /** The rank of a value; undefined means absent. A value beyond the domain gets the nearest rank. */
  rankOf(value: Point | undefined): number {
    if (value === undefined) return 0;
    const { starts } = this;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as Point) <= value) low = middle;
      else high = middle - 1;
    }
    return low + Number(this.optional);
  }

  isAbsent(rank: number): boolean {
    return this.optional && rank === 0;
  }

  /** Least value of a rank; undefined for absence. */
  lowOf(rank: number): Point | undefined {
    return this.isAbsent(rank) ? undefined : this.starts[rank - Number(this.optional)];
  }

  /** Least point after a rank; undefined where the domain ends. */
  afterOf(rank: number): Point | undefined {
    return this.starts[rank + 1 - Number(this.optional)];
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

/** Points in order; numbers the quick way. */
function sorted(points: Point[]): readonly Point[] {
  if (typeof points[0] === "number") return [...Float64Array.from(points as number[]).toSorted()];
  if (typeof points[0] === "bigint") return points.toSorted((a, b) => (a < b ? -1 : 1));
  return points.toSorted();
}
