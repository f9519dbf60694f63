import { jhash2 } from "../../conntrack/jhash.ts";
import { jiffies } from "../../extensions/jiffies.ts";
import type { Element } from "./element.ts";
import type { Bucket, Entry, TableShape } from "./hash-entry.ts";
import { ENTRIES_MAX, HASH_BITS_MAX } from "./hash-limits.ts";
import { expired, noExtras, setExtras, type Extras } from "./extras.ts";
import { PrefixCounts } from "./prefix-counts.ts";
import { Regions } from "./regions.ts";
import type { Gifts } from "./request.ts";

/** What became of an addition: `again` means that the table must grow first. */
export type Added = "added" | "exists" | "full" | "again";

/** Elements that a bucket starts with, and grows by. Kernel: AHASH_INIT_SIZE. */
const STEP = 2;
/** Bytes of an empty bucket. Kernel: struct hbucket on x86-64. */
const BUCKET_BYTES = 32;
const NO_EXTRAS: Extras = Object.freeze(noExtras());
/** Kernel: AHASH_MAX_TUNED. */
const BUCKET_MAX = 64;
/**
 * The kernel's own hash table: buckets of a few slots, doubled when a bucket overflows, in the kernel's hash and order, so that a set that is
 * made with the same `initval` lists its entries in the kernel's order. Buckets are made when needed: an empty table takes no memory. Kernel: ip_set_hash_gen.h.
 */
export class HashTable {
  readonly shape: TableShape;
  readonly prefixes: PrefixCounts = new PrefixCounts();
  bits: number;
  bucketsize: number;
  /** Entries, those that have expired but are still there included. */
  size = 0;
  /** Bytes that the kernel reckons for buckets: it counts an empty bucket anew whenever one grows, and forgets only one when that goes. Kernel: ext_size. */
  bytes = 0;
  private buckets = new Map<number, Bucket>();
  /** Entries in each region. */
  private readonly regions = new Regions();
  /** No entry expires before this tick. */
  private nextExpiry = Infinity;
  /** Interfaces met with the network asked for, whether or not the right one was among them. */
  private multi = 0;

  /** Entries carry nothing, and so can share it. */
  private readonly bare: boolean;

  constructor(shape: TableShape, bits: number, bucketsize: number) {
    this.shape = shape;
    const { timeout, counters, comment, skbinfo } = shape.extensions;
    this.bare = timeout === undefined && !counters && !comment && !skbinfo;
    this.bits = bits;
    this.bucketsize = bucketsize;
  }

  /** Kernel: mtype_add. */
  add(element: Element, nomatch: boolean, gifts: Gifts, exist: boolean, now: number): Added {
    const words = this.shape.layout.words(element);
    const key = this.hash(words);
    const full = this.isFull(key, now);
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (full) return "full";
      bucket = { slots: [], size: STEP, left: [] };
      this.buckets.set(key, bucket);
      this.bytes += this.extent(STEP);
    }
    let reuse = -1;
    this.multi = 0;
    for (const [i, entry] of bucket.slots.entries()) {
      if (!entry) {
        if (reuse < 0) reuse = i;
        continue;
      }
      const gone = this.gone(entry, now);
      if (this.equal(entry, words, element)) {
        if (!exist && !gone) return "exists";
        entry.nomatch = nomatch;
        this.write(entry, gifts, now);
        return "added";
      }
      if (gone && reuse < 0) reuse = i;
    }
    if (reuse < 0 && full && this.shape.forceadd) reuse = 0;
    if (reuse >= 0) {
      const old = bucket.slots[reuse];
      if (old) this.forget(old, key);
    } else {
      if (full) return "full";
      if (bucket.slots.length >= bucket.size) {
        if (this.shape.multi) {
          if (this.bucketsize >= BUCKET_MAX) return "full";
          if (this.bucketsize <= this.multi) this.bucketsize += STEP;
        }
        if (bucket.size >= this.bucketsize) return "again";
        bucket.size += STEP;
        this.bytes += this.extent(STEP);
      }
      reuse = bucket.slots.length;
    }
    const entry: Entry = { element, words, nomatch, extras: this.bare ? NO_EXTRAS : noExtras() };
    const counts = bucket.slots[reuse]?.extras ?? bucket.left[reuse];
    if (counts && !this.bare) Object.assign(entry.extras, { packets: counts.packets, bytes: counts.bytes });
    bucket.slots[reuse] = entry;
    this.size++;
    this.regions.count(key, 1);
    this.prefixes.add(element, this.shape.prefixes);
    this.write(entry, gifts, now);
    return "added";
  }

  /** Takes an entry out; false where it is not there. Kernel: mtype_del. */
  delete(element: Element, now: number): boolean {
    const words = this.shape.layout.words(element);
    const key = this.hash(words);
    const bucket = this.buckets.get(key);
    const index = bucket ? bucket.slots.findIndex(entry => entry && this.equal(entry, words, element)) : -1;
    const entry = bucket?.slots[index];
    if (!bucket || !entry || this.gone(entry, now)) return false;
    this.forget(entry, key);
    this.leave(bucket, index, entry);
    if (index + 1 === bucket.slots.length) bucket.slots.pop();
    else bucket.slots[index] = undefined;
    const used = bucket.slots.filter(slot => slot !== undefined);
    const holes = bucket.slots.length - used.length;
    if (used.length === 0) this.drop(key, bucket);
    else if (holes >= STEP) this.shrink(bucket, used);
    return true;
  }

  /** The first entry with that key that `matches`, in its bucket's order. What was found and does not match ends no search. */
  find(element: Element, matches: (entry: Entry) => boolean): Entry | undefined {
    const words = this.shape.layout.words(element);
    const slots = this.buckets.get(this.hash(words))?.slots;
    this.multi = 0;
    if (!slots) return undefined;
    for (const entry of slots) {
      if (!entry || !this.equal(entry, words, element)) continue;
      if (matches(entry)) return entry;
      this.multi = 0;
    }
    return undefined;
  }

  /** Did the last `find` meet the network with another interface? Longer prefixes then hide shorter ones. Kernel: mtype_test_cidrs. */
  get stopped(): boolean {
    return this.multi > 0;
  }

  /** Doubles the table until every bucket fits; false when it cannot grow further. Kernel: mtype_resize. */
  grow(now: number): boolean {
    this.collect(now);
    const entries = [...this.live(now)];
    for (let bits = this.bits + 1; bits <= HASH_BITS_MAX; bits++) {
      const grown = this.distribute(entries, bits);
      if (!grown) continue;
      this.bits = bits;
      this.buckets = grown.buckets;
      this.bytes = grown.bytes;
      this.size = entries.length;
      this.regions.clear();
      for (const { words } of entries) this.regions.count(this.hash(words), 1);
      return true;
    }
    return false;
  }

  /** Entries that are still there, in the order in which the kernel lists them. */
  *live(now: number): Generator<Entry> {
    const order = [...this.buckets.keys()].toSorted((a, b) => a - b);
    for (const key of order) for (const entry of this.buckets.get(key)?.slots ?? []) if (entry && !this.gone(entry, now)) yield entry;
  }

  /** Every entry, those that have expired included. */
  *all(): Generator<Entry> {
    for (const { slots } of this.buckets.values()) for (const entry of slots) if (entry) yield entry;
  }

  /** Takes every entry out. */
  clear(): void {
    this.buckets.clear();
    this.regions.clear();
    this.prefixes.clear();
    this.size = 0;
    this.bytes = 0;
    this.nextExpiry = Infinity;
  }

  /** A table of its own with the same entries. */
  copy(): HashTable {
    const twin = new HashTable(this.shape, this.bits, this.bucketsize);
    twin.size = this.size;
    twin.bytes = this.bytes;
    twin.nextExpiry = this.nextExpiry;
    twin.regions.takeFrom(this.regions);
    twin.prefixes.takeFrom(this.prefixes);
    for (const [key, { slots, size, left }] of this.buckets)
      twin.buckets.set(key, {
        size,
        left: [...left],
        slots: slots.map(entry => entry && { ...entry, extras: this.bare ? NO_EXTRAS : { ...entry.extras } }),
      });
    return twin;
  }

  /** Drops what has expired. Asked only when something has, so that a full set costs no scan for each addition. Kernel: mtype_gc_do. */
  private collect(now: number): void {
    if (this.nextExpiry >= jiffies(now)) return;
    this.nextExpiry = Infinity;
    for (const [key, bucket] of this.buckets) {
      const kept = bucket.slots.filter(entry => entry && !this.gone(entry, now));
      for (const [i, entry] of bucket.slots.entries()) {
        if (entry && this.gone(entry, now)) {
          this.forget(entry, key);
          this.leave(bucket, i, entry);
        } else if (entry && entry.extras.until !== 0) this.nextExpiry = Math.min(this.nextExpiry, entry.extras.until);
      }
      if (kept.length === 0) this.drop(key, bucket);
      else if (bucket.slots.length - kept.length >= STEP) this.shrink(bucket, kept);
      else bucket.slots = bucket.slots.map(entry => (entry && this.gone(entry, now) ? undefined : entry));
    }
  }

  private distribute(
    entries: readonly Entry[],
    bits: number,
  ): { readonly buckets: Map<number, Bucket>; readonly bytes: number } | undefined {
    const buckets = new Map<number, Bucket>();
    let steps = 0;
    for (const entry of entries) {
      const key = this.hash(entry.words, bits);
      let bucket = buckets.get(key);
      if (!bucket) {
        buckets.set(key, (bucket = { slots: [], size: STEP, left: [] }));
        steps++;
      }
      if (bucket.slots.length >= bucket.size) {
        if (bucket.size >= this.bucketsize) return undefined;
        bucket.size += STEP;
        steps++;
      }
      bucket.slots.push(entry);
    }
    return { buckets, bytes: steps * this.extent(STEP) };
  }

  private extent(slots: number): number {
    return BUCKET_BYTES + slots * this.shape.slotBytes;
  }

  private drop(key: number, bucket: Bucket): void {
    this.buckets.delete(key);
    this.bytes -= this.extent(bucket.size);
  }

  private shrink(bucket: Bucket, used: (Entry | undefined)[]): void {
    bucket.slots = used;
    bucket.left = [];
    bucket.size = Math.max(used.length, bucket.size - STEP);
    this.bytes -= this.extent(STEP);
  }

  private leave(bucket: Bucket, index: number, { extras }: Entry): void {
    if (this.shape.extensions.counters) bucket.left[index] = { packets: extras.packets, bytes: extras.bytes };
  }

  private hash(words: readonly number[], bits: number = this.bits): number {
    return jhash2(words, this.shape.initval) & ((1 << bits) - 1);
  }

  private gone(entry: Entry, now: number): boolean {
    return this.shape.extensions.timeout !== undefined && expired(entry.extras, now);
  }

  private write(entry: Entry, gifts: Gifts, now: number): void {
    if (this.bare) return;
    setExtras(entry.extras, gifts, this.shape.extensions, now);
    if (entry.extras.until !== 0) this.nextExpiry = Math.min(this.nextExpiry, entry.extras.until);
  }

  private isFull(key: number, now: number): boolean {
    const { maxelem, extensions } = this.shape;
    if (this.size >= ENTRIES_MAX) return true;
    if (!this.regions.isFull(key, maxelem, this.bits)) return false;
    if (extensions.timeout !== undefined) this.collect(now);
    return this.size >= maxelem;
  }

  private forget(entry: Entry, key: number): void {
    this.size--;
    this.regions.count(key, -1);
    this.prefixes.remove(entry.element, this.shape.prefixes);
  }

  /** Kernel: mtype_data_equal; that of hash:net,iface counts the networks it meets. */
  private equal(entry: Entry, words: readonly number[], element: Element): boolean {
    for (let i = 0; i < words.length; i++) if (entry.words[i] !== words[i]) return false;
    if (!this.shape.multi) return true;
    this.multi++;
    const { iface = "", wildcard } = entry.element;
    return wildcard === true ? (element.iface ?? "").startsWith(iface) : element.iface === iface;
  }
}
