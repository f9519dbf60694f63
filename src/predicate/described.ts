import type { Scalar } from "./field.ts";

/** What some opaque conditions are, as plain data: enough for a translator to say the same in another language. */
export type Described =
  /** A token bucket: `packets` each `seconds` on average, at most `burst` at once. Rules do not share it. */
  | { readonly kind: "limit"; readonly packets: number; readonly seconds: number; readonly burst: number }
  /** Holds until so many bytes have passed; inverted, from then on. */
  | { readonly kind: "quota"; readonly bytes: bigint }
  /** Holds for `below` of `outOf` packets at random, or for every packet whose number (from `offset`) is 0 modulo `every`. */
  | { readonly kind: "random"; readonly below: number; readonly outOf: number }
  | { readonly kind: "nth"; readonly every: number; readonly offset: number }
  /** More than `above` connections from (or to) one network are open. */
  | { readonly kind: "connections"; readonly above: number; readonly side: "source" | "destination"; readonly mask: Scalar }
  /** The packet has no connection that could be counted; always beside a condition that counts. */
  | { readonly kind: "uncountable" }
  /** Bytes of the packet hold a text between two offsets. */
  | {
      readonly kind: "payload";
      readonly base: "network" | "transport";
      readonly bit: number;
      readonly length: number;
      readonly value: bigint;
    }
  /** The time of day in seconds, local to UTC. */
  | { readonly kind: "hours"; readonly from: number; readonly to: number }
  /** Days of the week, Sunday 0. */
  | { readonly kind: "weekdays"; readonly days: readonly number[] }
  /**
   * A token bucket for each address or port of the packet that `by` names, shared by all rules that name the table: `amount` packets or bytes each
   * `seconds` on average, at most `burst` at once. One that compares takes nothing: it holds while the rate over the last `seconds` is within.
   */
  | {
      readonly kind: "rate";
      readonly unit: "packets" | "bytes";
      readonly amount: bigint;
      readonly seconds: number;
      /** 0 where none is given. */
      readonly burst: bigint;
      readonly by: readonly RateKey[];
      readonly table: string;
      readonly compares: boolean;
    }
  /** A list of addresses: puts the packet's on it, asks for it, asks and notes the time, or takes it off; shared by all rules that name it. */
  | {
      readonly kind: "recent";
      readonly mode: "set" | "rcheck" | "update" | "remove";
      /** Does the condition hold where the answer is no? */
      readonly inverted: boolean;
      readonly list: string;
      readonly side: "source" | "destination";
      /** Only stamps of the last so many seconds count, or all for 0. */
      readonly seconds: number;
      /** At least so many stamps; 0 for one. */
      readonly hits: number;
      /** Only with the TTL that it had then. */
      readonly sameTtl: boolean;
    };

/** What tells the buckets of a rate apart; of an address the first `bits` count. */
export interface RateKey {
  readonly field: "saddr" | "daddr" | "sport" | "dport";
  readonly bits?: number;
}
