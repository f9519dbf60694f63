import type { Facts, SetEnd } from "../../predicate/index.ts";
import type { Element } from "./element.ts";
import type { Extras, Inquiry } from "./extras.ts";
import type { EntryRequest, Gifts, Refusal, SkbInfo } from "./request.ts";
import type { SetType } from "./set-type.ts";

/** A packet that asks or changes a set. */
export interface PacketCall {
  readonly facts: Facts;
  readonly ends: readonly SetEnd[];
  /** µs */
  readonly now: number;
  readonly inquiry: Inquiry;
  /** Entries that are marked `nomatch` count as found, and the others do not. */
  readonly returnNomatch: boolean;
  /** Members of a list count the packet too. */
  readonly subcounters: boolean;
  /** What the entry that matched gives the packet; set by the lookup. */
  gift?: SkbInfo;
}

/** What a lookup says: `nomatch` is an entry that excepts the packet. Kernel: 1, 0 and -ENOTEMPTY. */
export type Lookup = "match" | "nomatch" | "none";

/** An entry as it is listed: its key or the name of a member, and what it carries. */
export interface Listed {
  readonly element: Element;
  /** The member, of a list:set. */
  readonly name?: string;
  readonly nomatch: boolean;
  readonly extras: Extras;
  /** The timeout has not started: an address that waits for its MAC. Its extras hold the seconds. */
  readonly waiting?: boolean;
}

/** A set as a list sees its members. */
export interface MemberSet {
  readonly type: SetType;
  lookup(call: PacketCall): boolean;
  addPacket(call: PacketCall, gifts: Gifts, renew: boolean): boolean;
  deletePacket(call: PacketCall): boolean;
}

/** The sets that exist, for lists to find their members in. */
export interface Directory {
  get(name: string): MemberSet | undefined;
  /** Tells that a list has begun (1) or ceased (-1) to have the set as a member. */
  refer(name: string, by: 1 | -1): void;
}

/** What every kind of set can do. Times are µs since the epoch. */
export interface SetBody {
  add(request: EntryRequest, exist: boolean, now: number): Refusal | undefined;
  delete(request: EntryRequest, exist: boolean, now: number): Refusal | undefined;
  test(request: EntryRequest, now: number): boolean | Refusal;
  lookup(call: PacketCall): Lookup;
  /** Adds the packet or takes it out; false where nothing came of it. */
  addPacket(call: PacketCall, gifts: Gifts, renew: boolean): boolean;
  deletePacket(call: PacketCall): boolean;
  clear(): void;
  /** Entries that have not expired, in the kernel's order. */
  entries(now: number): Iterable<Listed>;
  /** The header's "Number of entries" and "Size in memory". */
  count(now: number): number;
  memory(): number;
  /** The same entries, to be changed apart; members of lists are found in `directory`. */
  copy(directory: Directory): SetBody;
}
