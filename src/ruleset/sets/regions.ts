/** Kernel: HTABLE_REGION_BITS. */
const REGION_BITS = 10;

/** Entries in each region of 1024 buckets of a hash table: the limit is shared out among them. Kernel: struct ip_set_region. */
export class Regions {
  private readonly counts = new Map<number, number>();

  /** Has the bucket's region its share of the limit? Only then the kernel counts the whole: a set can so come to hold more than its limit. Kernel: t->maxelem. */
  isFull(key: number, maxelem: number, bits: number): boolean {
    return (this.counts.get(key >>> REGION_BITS) ?? 0) >= Math.floor(maxelem / regionsOf(bits));
  }

  count(key: number, by: 1 | -1): void {
    const region = key >>> REGION_BITS;
    this.counts.set(region, (this.counts.get(region) ?? 0) + by);
  }

  clear(): void {
    this.counts.clear();
  }

  takeFrom(other: Regions): void {
    this.clear();
    for (const [region, count] of other.counts) this.counts.set(region, count);
  }
}

/** Regions of a table of 2 to the `bits` buckets, each with a lock of its own. Kernel: ahash_numof_locks. */
export function regionsOf(bits: number): number {
  return 2 ** Math.max(0, bits - REGION_BITS);
}
