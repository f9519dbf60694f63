import type { Element } from "./element.ts";
import type { Extensions, Extras } from "./extras.ts";
import type { Layout } from "./layout.ts";

/** An entry of a hash: its key, and what changes. */
export interface Entry {
  readonly element: Element;
  readonly words: readonly number[];
  nomatch: boolean;
  readonly extras: Extras;
}

/** Slots that have been used so far; a deleted entry leaves a hole. Kernel: struct hbucket. */
export interface Bucket {
  slots: (Entry | undefined)[];
  size: number;
  /** Counters that deleted entries left in the memory of their slots, where the kernel lets a new entry begin with them. */
  left: (Counts | undefined)[];
}

/** What an entry counted. */
export type Counts = Pick<Extras, "packets" | "bytes">;

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
