/** Which end of the packet a dimension of a set is compared with. */
export type SetEnd = "src" | "dst";

/** A comparison of an entry's counter. */
export interface CounterTest {
  readonly op: "equal" | "unequal" | "less" | "greater";
  readonly value: bigint;
}

/** Looks a packet up in an ipset. Kernel: xt_set.c, set_match_v4; struct ip_set_counter_match. */
export interface SetTest {
  readonly set: string;
  /** One word for each dimension of the set, at most six. */
  readonly dimensions: readonly SetEnd[];
  /** `nomatch` entries count as found. */
  readonly returnNomatch: boolean;
  /** Entries found are counted, in this set and in members of a list:set. */
  readonly updateCounters: boolean;
  readonly updateSubcounters: boolean;
  readonly packets?: CounterTest;
  readonly bytes?: CounterTest;
}

/** A change of an ipset by a packet. Kernel: xt_set.c, set_target_v3. */
export interface SetChange {
  readonly set: string;
  readonly dimensions: readonly SetEnd[];
}

/** What a report says of a lookup, and what names it where nobody knows its outcome: `source,destination is in the set trusted`. */
export function memberText({ set, dimensions }: SetTest, is: "is" | "is not" = "is"): string {
  return `${dimensions.map(end => (end === "src" ? "source" : "destination")).join(",")} ${is} in the set ${set}`;
}
