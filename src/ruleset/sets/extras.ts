import type { CounterTest } from "../../predicate/index.ts";
import { HZ, jiffies } from "../../extensions/jiffies.ts";
import type { Gifts, Refusal, SkbInfo } from "./request.ts";

/** Which extensions the entries of a set have. */
export interface Extensions {
  /** Default in seconds; undefined for a set without timeouts. */
  readonly timeout: number | undefined;
  readonly counters: boolean;
  readonly comment: boolean;
  readonly skbinfo: boolean;
}

/** What an entry carries beside its key; changes in place. */
export interface Extras {
  /** The last tick at which the entry is there, 0 for ever. */
  until: number;
  packets: bigint;
  bytes: bigint;
  comment: string;
  skb: SkbInfo;
}

/** What a packet asks of the entry it finds. Kernel: struct ip_set_adt_opt and its cmdflags. */
export interface Inquiry {
  /** Bytes of the packet, to be counted; undefined where nothing is counted. */
  readonly length: number | undefined;
  readonly packets: CounterTest | undefined;
  readonly bytes: CounterTest | undefined;
}

/** A question from user space: nothing is counted, nothing compared. */
export const PLAIN_INQUIRY: Inquiry = { length: undefined, packets: undefined, bytes: undefined };

export const NO_SKBINFO: SkbInfo = { mark: 0, mask: 0, priority: 0, queue: 0 };
const U64 = (1n << 64n) - 1n;

/** Fresh extras without values. */
export function noExtras(): Extras {
  return { until: 0, packets: 0n, bytes: 0n, comment: "", skb: NO_SKBINFO };
}

/** Why an entry cannot carry these values in such a set. Kernel: ip_set_core.c, ip_set_get_extensions. */
export function giftsRefusal(gifts: Gifts, set: Extensions): Refusal | undefined {
  if (gifts.timeout !== undefined && set.timeout === undefined) return "timeout";
  if ((gifts.packets !== undefined || gifts.bytes !== undefined) && !set.counters) return "counter";
  if (gifts.comment !== undefined && !set.comment) return "comment";
  const skb = gifts.skbMark !== undefined || gifts.skbPriority !== undefined || gifts.skbQueue !== undefined;
  return skb && !set.skbinfo ? "skbinfo" : undefined;
}

/** Writes values into an entry's extras: counters that are not given stay, everything else starts anew. Kernel: mtype_add. */
export function setExtras(extras: Extras, gifts: Gifts, set: Extensions, now: number): void {
  if (set.counters) {
    extras.bytes = gifts.bytes ?? extras.bytes;
    extras.packets = gifts.packets ?? extras.packets;
  }
  if (set.comment) extras.comment = gifts.comment ?? "";
  if (set.skbinfo)
    extras.skb = {
      mark: gifts.skbMark?.mark ?? 0,
      mask: gifts.skbMark?.mask ?? 0,
      priority: gifts.skbPriority ?? 0,
      queue: gifts.skbQueue ?? 0,
    };
  if (set.timeout !== undefined) extras.until = deadline(gifts.timeout ?? set.timeout, now);
}

/** The last tick of a timeout in seconds that starts now (µs); 0 for a timeout of 0. Kernel: ip_set_timeout_set. */
export function deadline(seconds: number, now: number): number {
  return seconds === 0 ? 0 : jiffies(now) + seconds * HZ;
}

/** Is the entry gone? */
export function expired(extras: Extras, now: number): boolean {
  return extras.until !== 0 && extras.until < jiffies(now);
}

/** Whole seconds that are left, at least 1; 0 for ever. Kernel: ip_set_timeout_get. */
export function secondsLeft(extras: Extras, now: number): number {
  return extras.until === 0 ? 0 : Math.max(1, Math.floor((extras.until - jiffies(now)) / HZ));
}

/**
 * Does an entry that has the right key match? Counts the packet first, and then compares the counters. Kernel: ip_set_core.c,
 * ip_set_match_extensions.
 */
export function matchExtras(extras: Extras, set: Extensions, inquiry: Inquiry, now: number): boolean {
  if (set.timeout !== undefined && expired(extras, now)) return false;
  if (!set.counters) return true;
  if (inquiry.length !== undefined) {
    extras.packets = (extras.packets + 1n) & U64;
    extras.bytes = (extras.bytes + BigInt(inquiry.length)) & U64;
  }
  return compares(extras.packets, inquiry.packets) && compares(extras.bytes, inquiry.bytes);
}

function compares(counter: bigint, test: CounterTest | undefined): boolean {
  switch (test?.op) {
    case undefined:
      return true;
    case "equal":
      return counter === test?.value;
    case "unequal":
      return counter !== test?.value;
    case "less":
      return counter < (test?.value ?? 0n);
    case "greater":
      return counter > (test?.value ?? 0n);
  }
}
