import type { ChangeSets, Facts, Moment, SetTest } from "../predicate/index.ts";
import type { MappedGift } from "../ruleset/index.ts";

/** The ipsets of a machine as its rules ask and change them. */
export interface SetStore {
  member(test: SetTest, facts: Facts, moment: Moment): boolean;
  change(action: ChangeSets, facts: Facts, moment: Moment): MappedGift;
}

/** A machine without sets: nothing is in one, and nothing can be added. */
export const NO_SETS: SetStore = { member: () => false, change: () => ({}) };
