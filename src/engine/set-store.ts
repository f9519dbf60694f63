import type { ChangeSets, Facts, Moment, SetTest } from "../predicate/index.ts";

/** What an entry of a set gives a packet (`--map-set`): undefined where the rule or the set does not. */
export interface SetGift {
  /** The mark becomes `(mark & ~mask) ^ value`. Kernel: xt_set.c, set_target_v3. */
  readonly mark?: { readonly value: number; readonly mask: number } | undefined;
  readonly priority?: number | undefined;
  readonly queue?: number | undefined;
}

/** The ipsets of a machine as its rules ask and change them. */
export interface SetStore {
  member(test: SetTest, facts: Facts, moment: Moment): boolean;
  change(action: ChangeSets, facts: Facts, moment: Moment): SetGift;
}

/** A machine without sets: nothing is in one, and nothing can be added. */
export const NO_SETS: SetStore = { member: () => false, change: () => ({}) };
