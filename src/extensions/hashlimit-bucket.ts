import { bytesOf, SCALE } from "./hashlimit-rate.ts";
import type { HashlimitMode } from "./hashlimit-key.ts";
import { HZ } from "./jiffies.ts";

/** Kernel: struct hashlimit_cfg3, but for the inversion. */
export interface HashlimitRule extends HashlimitMode {
  /** Millionths of a second between two packets, or what sixteen bytes cost. */
  readonly average: bigint;
  /** Packets, or with bytes how often the credit is filled up again. */
  readonly burst: bigint;
  readonly bytes: boolean;
  /** The rate over a time is compared, nothing is held back. */
  readonly rateMatch: boolean;
  /** Seconds of that time. */
  readonly interval: number;
  /** 0 for the kernel's own numbers. */
  readonly size: number;
  readonly max: number;
  /** Milliseconds. */
  readonly gcInterval: number;
  readonly expire: number;
}

const TICKS = BigInt(HZ);
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const powerBelow = (value: bigint): bigint => 1n << BigInt(value.toString(2).length - 1);

/** The greatest powers of two at which a day's credits fit into 64 bits, and a second's into 32. Kernel: CREDITS_PER_JIFFY, CREDITS_PER_JIFFY_BYTES. */
const CREDITS = powerBelow(((1n << 64n) - 1n) / (TICKS * 60n * 60n * 24n));
const BYTE_CREDITS = powerBelow(0xffffffffn / TICKS);
const BYTE_CAP = BYTE_CREDITS * TICKS;
/** Sixteen bytes are paid for together. */
const CHUNK_SHIFT = 4;

/** Kernel: user2credits, for revisions 2 and 3. */
export const packetCredits = (user: bigint): bigint => u64(user * ((TICKS * CREDITS) / SCALE));

/** Kernel: user2credits_byte. */
export const byteCredits = (user: bigint): bigint => BigInt.asUintN(32, (BigInt.asUintN(32, user) * BYTE_CAP) >> 32n);

/** What is left of one entry's credit, or how fast it has been. Kernel: struct dsthash_ent. */
export class HashlimitBucket {
  /** In jiffies. */
  expires = 0;
  readonly #rule: HashlimitRule;
  #before: number;
  #credit: bigint;
  #cap: bigint;
  readonly #cost: bigint;
  /** Of a rate that is only compared. */
  #current = 0n;
  #tooFast = false;
  readonly #rate: bigint;
  readonly #most: bigint;

  /** `now` is in jiffies, here and below. Kernel: rateinfo_init. */
  constructor(rule: HashlimitRule, now: number) {
    const { average, burst, bytes } = rule;
    this.#rule = rule;
    this.#before = now;
    this.#rate = bytes ? bytesOf(average) : average === 0n ? 0n : SCALE / average;
    this.#most = u64(bytes ? (burst === 0n ? this.#rate : burst * this.#rate) : burst + this.#rate);
    this.#cost = bytes ? byteCredits(average) : packetCredits(average);
    this.#credit = bytes ? BYTE_CAP : packetCredits(u64(average * burst));
    this.#cap = bytes ? burst : this.#credit;
  }

  /** Credit grows with the ticks that pass, and wraps at 64 bits before it is capped. Kernel: rateinfo_recalc. */
  refill(now: number): void {
    const delta = now - this.#before;
    if (delta <= 0) return;
    if (this.#rule.rateMatch) return this.#nextWindow(now, delta);
    this.#before = now;
    if (!this.#rule.bytes) {
      this.#credit = least(u64(this.#credit + BigInt(delta) * CREDITS), this.#cap);
      return;
    }
    const grown = u64(this.#credit + BYTE_CREDITS * BigInt(delta));
    this.#credit = this.#credit >= grown ? BYTE_CAP : least(grown, BYTE_CAP);
  }

  #nextWindow(now: number, delta: number): void {
    const interval = this.#rule.interval * HZ;
    if (delta < interval) return;
    this.#before = now;
    this.#tooFast = u64(this.#current * BigInt(interval)) > u64(BigInt(delta) * this.#rate);
    this.#current = 0n;
  }

  /** Is there credit for a packet of this length in bytes? Takes it. `rule` is the one that asks, which need not be the one that made the entry. */
  take(rule: HashlimitRule, length: number): boolean {
    if (rule.rateMatch) {
      this.#current += rule.bytes ? BigInt(length) : 1n;
      return !this.#tooFast && this.#current <= this.#most;
    }
    const cost = rule.bytes ? this.#byteCost(length) : this.#cost;
    if (this.#credit < cost) return false;
    this.#credit -= cost;
    return true;
  }

  /** Where the credit does not suffice it is filled up, as often as the burst allows. Kernel: hashlimit_byte_cost. */
  #byteCost(length: number): bigint {
    const cost = least(BigInt((length >> CHUNK_SHIFT) + 1) * this.#cost, BYTE_CAP);
    if (this.#credit < cost && this.#cap > 0n) {
      this.#cap--;
      this.#credit = BYTE_CAP;
    }
    return cost;
  }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
