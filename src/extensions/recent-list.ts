import { printAddress } from "../packet/index.ts";
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

/** Stamps that the kernel keeps of an address unless a rule asks for more hits. Kernel: recent_mt_check. */
const RING = 32;

/** When an address was seen, in jiffies, the newest last, how often, and the TTL it had then. Kernel: struct recent_entry. */
interface Entry {
  readonly address: Scalar;
  ttl: number;
  stamps: number[];
  seen: number;
}

/** A list of addresses, the least recently seen first. Kernel: struct recent_table. */
export class RecentList {
  readonly #mask: Scalar;
  readonly #entries: Map<string, Entry> = new Map();
  #kept = STAMPS_KEPT;
  /** Stamps that the kernel would keep. */
  #ring = 0;

  /** The mask is that of the rule that made the list; those of the others do not count. */
  constructor(mask: Scalar) {
    this.#mask = mask;
  }

  /** Number of addresses on the list. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * The list as the kernel shows it in /proc/net/xt_recent, the least recently seen first: stamps are in ticks of the clock given, in the order of the
   * ring that the kernel keeps them in. Kernel: recent_seq_show.
   */
  lines(): readonly string[] {
    return [...this.#entries.values()].map(({ address, ttl, stamps, seen }) => {
      const ring = this.#ring || RING;
      const index = ((seen - 1) % ring) + 1;
      const newest = stamps.slice(-ring);
      // The slot behind the newest stamp has the oldest one.
      const shown = seen > ring ? [...newest.slice(-index), ...newest.slice(0, -index)] : newest;
      const source = typeof address === "number" ? printAddress(address) : wholeAddress(address);
      return `src=${source} ttl: ${ttl} last_seen: ${stamps.at(-1)} oldest_pkt: ${index} ${shown.join(", ")}`;
    });
  }

  /** Is the answer yes, before any inversion? Notes what the rule wants noted. `now` is in microseconds. Kernel: xt_recent.c, recent_mt. */
  ask(test: RecentTest, facts: Facts, now: number): boolean {
    this.#ring = Math.max(this.#ring, test.hitcount === 0 ? RING : 2 ** Math.ceil(Math.log2(test.hitcount)));
    this.#kept = Math.max(this.#kept, this.#ring);
    const address = masked(facts.value(test.side === "dest" ? "daddr" : "saddr"), this.#mask);
    const key = `${facts.family}/${address}`;
    const ttl = ttlSeen(facts);
    const entry = this.#find(key, test.rttl ? ttl : 0);
    const time = jiffies(now);
    switch (test.mode) {
      case "set":
        if (entry) this.#note(key, entry, ttl, time);
        else this.#add(key, address, ttl, time);
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

  #find(key: string, ttl: number): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry && (ttl === 0 || entry.ttl === 0 || entry.ttl === ttl) ? entry : undefined;
  }

  #add(key: string, address: Scalar, ttl: number, time: number): void {
    if (this.#entries.size >= ADDRESSES_MAX) {
      const oldest = this.#entries.keys().next();
      if (!oldest.done) this.#entries.delete(oldest.value);
    }
    this.#entries.set(key, { address, ttl, stamps: [time], seen: 1 });
  }

  #note(key: string, entry: Entry, ttl: number, time: number): void {
    entry.ttl = ttl;
    entry.stamps.push(time);
    entry.seen++;
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
function masked(address: Value, mask: Scalar): Scalar {
  if (typeof address === "number") return (address & (typeof mask === "number" ? mask : Number(mask >> 96n))) >>> 0;
  if (typeof address !== "bigint") return 0;
  return address & (typeof mask === "bigint" ? mask : BigInt(mask) << 96n);
}

/** An IPv6 address with all its digits, as the kernel prints it here. */
function wholeAddress(address: bigint): string {
  return address.toString(16).padStart(32, "0").match(/.{4}/g)?.join(":") ?? "";
}
