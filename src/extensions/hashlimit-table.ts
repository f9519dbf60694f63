import type { Facts } from "../predicate/index.ts";
import { HashlimitBucket, type HashlimitRule } from "./hashlimit-bucket.ts";
import { hashlimitKey } from "./hashlimit-key.ts";
import { HZ, jiffies } from "./jiffies.ts";

/** Buckets of a table for which nobody gave a number, on a machine with more than a gigabyte; eight entries go into each. Kernel: htable_create. */
const DEFAULT_SIZE = 8192;
const ENTRIES_PER_BUCKET = 8;

/** Milliseconds to ticks, rounded up; what does not fit into 31 bits is for ever. Kernel: msecs_to_jiffies. */
const ticks = (milliseconds: number): number => (milliseconds >= 2 ** 31 ? Infinity : Math.ceil((milliseconds * HZ) / 1000));

/**
 * The entries of one name, the one that expires first in front. The rule that made the table says how it works, whatever later rules of the same
 * name say. Kernel: struct xt_hashlimit_htable.
 */
export class HashlimitTable {
  readonly #rule: HashlimitRule;
  readonly #entries: Map<string, HashlimitBucket> = new Map();
  readonly #most: number;
  readonly #expire: number;
  readonly #interval: number;
  /** When entries that have expired are looked for next, in jiffies. */
  #collectAt: number;
  /** The entry of the packet that was let in last. */
  #current: HashlimitBucket | undefined;

  constructor(rule: HashlimitRule, now: number) {
    this.#rule = rule;
    const size = rule.size || DEFAULT_SIZE;
    this.#most = rule.max ? Math.max(rule.max, size) : ENTRIES_PER_BUCKET * size;
    this.#expire = ticks(rule.expire);
    this.#interval = Math.max(1, ticks(rule.gcInterval));
    this.#collectAt = jiffies(now) + this.#interval;
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** Finds or makes the packet's entry; false where the packet cannot be read or the table is full, and then it is dropped. Kernel: hashlimit_mt_common. */
  admit(facts: Facts, now: number): boolean {
    const time = jiffies(now);
    this.#collect(time);
    const key = hashlimitKey(this.#rule, facts);
    if (key === undefined) return false;
    let entry = this.#entries.get(key);
    if (entry) {
      entry.refill(time);
      this.#entries.delete(key);
    } else {
      if (this.#entries.size >= this.#most) return false;
      entry = new HashlimitBucket(this.#rule, time);
    }
    entry.expires = time + this.#expire;
    this.#entries.set(key, entry);
    this.#current = entry;
    return true;
  }

  /** Is the packet that was just let in within the rate? `rule` is the one that asks. */
  take(rule: HashlimitRule, length: number): boolean {
    return this.#current?.take(rule, length) ?? false;
  }

  /** Entries go at the first collection after they expired, not before. Kernel: htable_gc. */
  #collect(time: number): void {
    if (time < this.#collectAt) return;
    const missed = Math.floor((time - this.#collectAt) / this.#interval);
    const last = this.#collectAt + missed * this.#interval;
    this.#collectAt = last + this.#interval;
    for (const [key, { expires }] of this.#entries) {
      if (expires > last) return;
      this.#entries.delete(key);
    }
  }
}
