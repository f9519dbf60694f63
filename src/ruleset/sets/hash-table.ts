import { jhash2 } from "../../conntrack/jhash.ts";
import { jiffies } from "../../extensions/jiffies.ts";
import type { Element } from "./element.ts";
import { expired, noExtras, setExtras, type Extensions, type Extras } from "./extras.ts";
import type { Layout } from "./layout.ts";
import { PrefixCounts } from "./prefix-counts.ts";
import type { Gifts } from "./request.ts";

/** An entry of a hash: its key, and what changes. */
export interface Entry {
  readonly element: Element;
  readonly words: readonly number[];
  nomatch: boolean;
  readonly extras: Extras;
}

/** Slots that have been used so far; a deleted entry leaves a hole. Kernel: struct hbucket. */
interface Bucket {
  slots: (Entry | undefined)[];
  size: number;
}

/** What became of an addition: `again` means that the table must grow first. */
export type Added = "added" | "exists" | "full" | "again";

/** Elements that a bucket starts with, and grows by. Kernel: AHASH_INIT_SIZE. */
const STEP = 2;
/** Bytes of an empty bucket. Kernel: struct hbucket on x86-64. */
const BUCKET_BYTES = 32;
/** Kernel: AHASH_MAX_TUNED. */
const BUCKET_MAX = 64;
/** Kernel: HTABLE_REGION_BITS. */
const REGION_BITS = 10;
/** Kernel: htable_size, which refuses what does not fit into an int. */
export const HASH_BITS_MAX = 27;
/** Entries that one set may have here at most, whatever `maxelem` says; the kernel is bounded by its memory. */
export const ENTRIES_MAX = 1 << 22;

/** What a table knows of its set. */
export interface TableShape {
  readonly layout: Layout;
  readonly extensions: Extensions;
  /** Bytes of an element with its extensions. */
  readonly slotBytes: number;
  readonly maxelem: number;
  readonly initval: number;
  readonly forceadd: boolean;
  /** Dimensions that are prefixes: 0 for the first address, 1 for the second. */
  readonly prefixes: readonly (0 | 1)[];
  /** Many interfaces share one network, and one bucket. Kernel: IP_SET_HASH_WITH_MULTI. */
  readonly multi: boolean;
}

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
  private readonly regions = new Map<number, number>();
  /** No entry expires before this tick. */
  private nextExpiry = Infinity;
  /** Interfaces met with the network asked for, whether or not the right one was among them. */
  private multi = 0;

  constructor(shape: TableShape, bits: number, bucketsize: number) {
    this.shape = shape;
    this.bits = bits;
    this.bucketsize = bucketsize;
  }

  /** Regions of the table, each with a lock of its own. Kernel: ahash_numof_locks. */
  get locks(): number {
    return 2 ** Math.max(0, this.bits - REGION_BITS);
  }

  /** Kernel: mtype_add. */
  add(element: Element, nomatch: boolean, gifts: Gifts, exist: boolean, now: number): Added {
    const words = this.shape.layout.words(element);
    const key = this.hash(words);
    const full = this.isFull(key, now);
    let bucket = this.buckets.get(key);
    if (!bucket) {
      if (full) return "full";
      bucket = { slots: [], size: STEP };
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
    const entry: Entry = { element, words, nomatch, extras: noExtras() };
    bucket.slots[reuse] = entry;
    this.size++;
    this.share(key, 1);
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
    if (index + 1 === bucket.slots.length) bucket.slots.pop();
    else bucket.slots[index] = undefined;
    const used = bucket.slots.filter(slot => slot !== undefined);
    const holes = bucket.slots.length - used.length;
    if (used.length === 0) this.drop(key, bucket);
    else if (holes >= STEP) this.shrink(bucket, used);
    return true;
  }

  /** The entries with that key, in their bucket's order. `stopped` of the last question says whether a network was met that ends the search. */
  *find(element: Element): Generator<Entry> {
    const words = this.shape.layout.words(element);
    this.multi = 0;
    for (const entry of this.buckets.get(this.hash(words))?.slots ?? []) if (entry && this.equal(entry, words, element)) yield entry;
  }

  /** Did the last `find` meet the network with another interface? Longer prefixes then hide shorter ones. Kernel: mtype_test_cidrs. */
  get stopped(): boolean {
    return this.multi > 0;
  }

  /** Forgets that, when what was found did not match. */
  resume(): void {
    this.multi = 0;
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
      for (const { words } of entries) this.share(this.hash(words), 1);
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
    for (const [region, count] of this.regions) twin.regions.set(region, count);
    twin.prefixes.takeFrom(this.prefixes);
    for (const [key, { slots, size }] of this.buckets)
      twin.buckets.set(key, { size, slots: slots.map(entry => entry && { ...entry, extras: { ...entry.extras } }) });
    return twin;
  }

  /** Drops what has expired. Asked only when something has, so that a full set costs no scan for each addition. Kernel: mtype_gc_do. */
  private collect(now: number): void {
    if (this.nextExpiry >= jiffies(now)) return;
    this.nextExpiry = Infinity;
    for (const [key, bucket] of this.buckets) {
      const kept = bucket.slots.filter(entry => entry && !this.gone(entry, now));
      for (const entry of bucket.slots) {
        if (entry && this.gone(entry, now)) this.forget(entry, key);
        else if (entry && entry.extras.until !== 0) this.nextExpiry = Math.min(this.nextExpiry, entry.extras.until);
      }
      if (kept.length === 0) this.drop(key, bucket);
      else if (bucket.slots.length - kept.length >= STEP) this.shrink(bucket, kept);
      else bucket.slots = bucket.slots.map(entry => (entry && this.gone(entry, now) ? undefined : entry));
    }
  }

  private distribute(entries: readonly Entry[], bits: number): { readonly buckets: Map<number, Bucket>; readonly bytes: number } | undefined {
    const buckets = new Map<number, Bucket>();
    let steps = 0;
    for (const entry of entries) {
      const key = this.hash(entry.words, bits);
      let bucket = buckets.get(key);
      if (!bucket) {
        buckets.set(key, (bucket = { slots: [], size: STEP }));
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
    bucket.size = Math.max(used.length, bucket.size - STEP);
    this.bytes -= this.extent(STEP);
  }

  private hash(words: readonly number[], bits: number = this.bits): number {
    return jhash2(words, this.shape.initval) % 2 ** bits;
  }

  private gone(entry: Entry, now: number): boolean {
    return this.shape.extensions.timeout !== undefined && expired(entry.extras, now);
  }

  private write(entry: Entry, gifts: Gifts, now: number): void {
    setExtras(entry.extras, gifts, this.shape.extensions, now);
    if (entry.extras.until !== 0) this.nextExpiry = Math.min(this.nextExpiry, entry.extras.until);
  }

  /**
   * The limit is shared out among regions of 1024 buckets, and the whole is counted only where a region has its share: a set can so come to hold
   * more than its limit. Kernel: ahash_region, t->maxelem.
   */
  private isFull(key: number, now: number): boolean {
    const { maxelem, extensions } = this.shape;
    if (this.size >= ENTRIES_MAX) return true;
    if ((this.regions.get(key % this.locks) ?? 0) < Math.floor(maxelem / this.locks)) return false;
    if (extensions.timeout !== undefined) this.collect(now);
    return this.size >= maxelem;
  }

  private share(key: number, by: 1 | -1): void {
    const region = key % this.locks;
    this.regions.set(region, (this.regions.get(region) ?? 0) + by);
  }

  private forget(entry: Entry, key: number): void {
    this.size--;
    this.share(key, -1);
    this.prefixes.remove(entry.element, this.shape.prefixes);
  }

  /** Kernel: mtype_data_equal; that of hash:net,iface counts the networks it meets. */
  private equal(entry: Entry, words: readonly number[], element: Element): boolean {
    for (const [i, word] of words.entries()) if (entry.words[i] !== word) return false;
    if (!this.shape.multi) return true;
    this.multi++;
    const { iface = "", wildcard } = entry.element;
    return wildcard === true ? (element.iface ?? "").startsWith(iface) : element.iface === iface;
  }
}
