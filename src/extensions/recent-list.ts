import type { Facts, Scalar, Value } from "../predicate/index.ts";
import { HZ, jiffies } from "./jiffies.ts";

/** What a rule asks of a list. Kernel: struct xt_recent_mtinfo_v1. */
export interface RecentTest {
  readonly mode: "set" | "rcheck" | "update" | "remove";
  readonly invert: boolean;
  /** 0 for ever. */
  readonly seconds: number;
  readonly hitcount: number;
  readonly reap: boolean;
  readonly rttl: boolean;
  readonly side: "source" | "dest";
}

/** Addresses on a list. Kernel: the module's parameter ip_list_tot. */
const ADDRESSES_MAX = 100;
/** The highest count of hits that a rule may ask for. Kernel: XT_RECENT_MAX_NSTAMPS less one. */
export const RECENT_STAMPS_MAX = 0xffff;
/** Stamps kept of an address when no rule has asked for more; any number from the highest asked on gives the same answers. */
const STAMPS_KEPT = 1024;

/** When an address was seen, in jiffies, the newest last, and the TTL it had then. Kernel: struct recent_entry. */
interface Entry {
  ttl: number;
  stamps: number[];
}

/** A list of addresses, the least recently seen first. Kernel: struct recent_table. */
export class RecentList {
  readonly #mask: Scalar;
  readonly #entries: Map<string, Entry> = new Map();
  #kept = STAMPS_KEPT;

  /** The mask is that of the rule that made the list; those of the others do not count. */
  constructor(mask: Scalar) {
    this.#mask = mask;
  }

  /** Number of addresses on the list. */
  get size(): number {
    return this.#entries.size;
  }

  /** Is the answer yes, before any inversion? Notes what the rule wants noted. `now` is in microseconds. Kernel: xt_recent.c, recent_mt. */
  ask(test: RecentTest, facts: Facts, now: number): boolean {
    this.#kept = Math.max(this.#kept, test.hitcount);
    const key = this.#key(facts, test.side);
    const ttl = ttlSeen(facts);
    const entry = this.#find(key, test.rttl ? ttl : 0);
    const time = jiffies(now);
    switch (test.mode) {
      case "set":
        if (entry) this.#note(key, entry, ttl, time);
        else this.#add(key, ttl, time);
        return true;
      case "remove":
        if (entry) this.#entries.delete(key);
        return entry !== undefined;
      case "rcheck":
      case "update": {
        if (!entry) return false;
        // The kernel multiplies in 32 bits.
        const since = time - (Math.imul(test.seconds, HZ) >>> 0);
        const hits = hitsSince(entry.stamps, test.seconds ? since : -Infinity, Math.max(1, test.hitcount));
        // An inverted update notes what did not match; the kernel asks for the answer after inversion.
        const noted = test.mode === "update" && hits !== test.invert;
        if (test.reap) this.#reap(since, noted ? key : undefined);
        if (noted) this.#note(key, entry, ttl, time);
        return hits;
      }
    }
  }

  #key(facts: Facts, side: RecentTest["side"]): string {
    return `${facts.family}/${masked(facts.value(side === "dest" ? "daddr" : "saddr"), this.#mask)}`;
  }

  #find(key: string, ttl: number): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry && (ttl === 0 || entry.ttl === 0 || entry.ttl === ttl) ? entry : undefined;
  }

  #add(key: string, ttl: number, time: number): void {
    if (this.#entries.size >= ADDRESSES_MAX) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { ttl, stamps: [time] });
  }

  #note(key: string, entry: Entry, ttl: number, time: number): void {
    entry.ttl = ttl;
    entry.stamps.push(time);
    if (entry.stamps.length >= 2 * this.#kept) entry.stamps = entry.stamps.slice(-this.#kept);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
  }

  /** Takes the oldest address off the list if it was last seen before `since`, unless it is the one to be noted now. */
  #reap(since: number, noted: string | undefined): void {
    const oldest = this.#entries.entries().next();
    if (oldest.done) return;
    const [key, { stamps }] = oldest.value;
    if (key !== noted && (stamps.at(-1) ?? 0) < since) this.#entries.delete(key);
  }
}

/** Are there `count` stamps at or after `since`? They ascend, so that the oldest of the last `count` says it. */
function hitsSince(stamps: readonly number[], since: number, count: number): boolean {
  const stamp = stamps[stamps.length - count];
  return stamp !== undefined && stamp >= since;
}

/** The TTL before this host lowered it: a forwarded packet that has its way out has lost one. */
function ttlSeen(facts: Facts): number {
  const ttl = Number(facts.value("ttl") ?? 0);
  const forwarded = facts.value("oif") !== "" && facts.value("socket") !== 1;
  return forwarded ? (ttl + 1) & 0xff : ttl;
}

/** The kernel keeps one mask for both families: the first 32 bits of it are the mask of an IPv4 address. */
function masked(address: Value, mask: Scalar): string {
  if (typeof address === "number") return String((address & (typeof mask === "number" ? mask : Number(mask >> 96n))) >>> 0);
  if (typeof address !== "bigint") return "";
  return (address & (typeof mask === "bigint" ? mask : BigInt(mask) << 96n)).toString(16);
}
