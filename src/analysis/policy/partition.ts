import type { Range, Ranks } from "./ranks.ts";

/** Sets of ranks that together hold every rank of a level, and that nothing in question tells apart within. */
export interface Partition {
  /** The class of each rank; classes count from 0 in the order in which they first occur. */
  readonly classOf: Int32Array;
  readonly classes: readonly Ranks[];
}

/** Multipliers of the two signatures; what makes sums of different sets differ. */
const MIX_A = 0x9e3779b1;
const MIX_B = 0x85ebca6b;

/**
 * The coarsest partition of `size` ranks that every given set is a union of classes of. Linear in the number of ranges: each set has two weights
 * (64 bits together), and ranks whose sums of the weights of their sets agree are in one class.
 */
export function partition(size: number, sets: Iterable<Ranks>): Partition {
  const a = new Int32Array(size + 1);
  const b = new Int32Array(size + 1);
  let number = 0;
  for (const set of sets) {
    number++;
    const [weightA, weightB] = [mixed(number, MIX_A), mixed(number, MIX_B)];
    for (let i = 0; i < set.length; i++) {
      const low = (set[i] as Range)[0];
      const after = (set[i] as Range)[1] + 1;
      a[low] = (a[low] as number) + weightA;
      b[low] = (b[low] as number) + weightB;
      a[after] = (a[after] as number) - weightA;
      b[after] = (b[after] as number) - weightB;
    }
  }
  const byWeights = new Map<number, Map<number, number>>();
  const classOf = new Int32Array(size);
  const classes: [number, number][][] = [];
  let [sumA, sumB] = [0, 0];
  for (let rank = 0; rank < size; rank++) {
    sumA = (sumA + (a[rank] as number)) | 0;
    sumB = (sumB + (b[rank] as number)) | 0;
    let same = byWeights.get(sumA);
    if (same === undefined) byWeights.set(sumA, (same = new Map()));
    let number = same.get(sumB);
    if (number === undefined) {
      number = classes.length;
      same.set(sumB, number);
      classes.push([]);
    }
    classOf[rank] = number;
    const ranges = classes[number] as [number, number][];
    const last = ranges.at(-1);
    if (last?.[1] === rank - 1) last[1] = rank;
    else ranges.push([rank, rank]);
  }
  return { classOf, classes };
}

/** A number that has nothing to do with its neighbours'. */
function mixed(value: number, factor: number): number {
  let hash = Math.imul(value, factor);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/** The classes that a set is made of, ascending; the set must be a union of classes. Classes are in the order of their first ranks, as ranges are. */
export function classesIn({ classes }: Partition, set: Ranks): number[] {
  const found: number[] = [];
  let at = 0;
  for (let number = 0; number < classes.length; number++) {
    const rank = classes[number]?.[0]?.[0] ?? 0;
    while (at < set.length && (set[at] as Range)[1] < rank) at++;
    if (at === set.length) break;
    if ((set[at] as Range)[0] <= rank) found.push(number);
  }
  return found;
}
