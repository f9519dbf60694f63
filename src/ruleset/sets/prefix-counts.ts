import type { Element } from "./element.ts";

/** How many entries have each prefix length, for each address of a key; lookups try the lengths that occur. Kernel: struct net_prefixes. */
export class PrefixCounts {
  private readonly counts: readonly [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
  private readonly sorted: [number[] | undefined, number[] | undefined] = [undefined, undefined];

  /** The lengths that occur, the longest first. */
  lengths(side: 0 | 1): readonly number[] {
    return (this.sorted[side] ??= [...this.counts[side].keys()].toSorted((a, b) => b - a));
  }

  add(element: Element, sides: readonly (0 | 1)[]): void {
    for (const side of sides) this.change(side, lengthOf(element, side), 1);
  }

  remove(element: Element, sides: readonly (0 | 1)[]): void {
    for (const side of sides) this.change(side, lengthOf(element, side), -1);
  }

  clear(): void {
    for (const side of [0, 1] as const) {
      this.counts[side].clear();
      this.sorted[side] = undefined;
    }
  }

  takeFrom(other: PrefixCounts): void {
    this.clear();
    for (const side of [0, 1] as const) for (const [length, count] of other.counts[side]) this.counts[side].set(length, count);
  }

  private change(side: 0 | 1, length: number, by: 1 | -1): void {
    const count = (this.counts[side].get(length) ?? 0) + by;
    if (count === 0) this.counts[side].delete(length);
    else this.counts[side].set(length, count);
    if (count === 0 || (count === 1 && by === 1)) this.sorted[side] = undefined;
  }
}

function lengthOf(element: Element, side: 0 | 1): number {
  return (side === 0 ? element.cidr : element.cidr2) ?? 0;
}
