/** Ruleset ⊃ Table ⊃ Chain ⊃ Rule: the values, their edits, and where a rule may stand. */
export {
  ZERO,
  type AddressTest,
  type Chain,
  type Condition,
  type Counters,
  type InterfaceTest,
  type Position,
  type Rule,
  type RuleHeader,
  type Ruleset,
  type Table,
} from "./rule.ts";
export { headerWords, lowerAddress, lowerHeader, printAddressTest, printInterface } from "./header.ts";
export { ruleText, ruleTextWithCounters } from "./rule-text.ts";
export { draftOf, draftTable, DraftChain, emptyRuleset, emptyTable, finished, references, type Draft, type DraftTable } from "./draft.ts";
export { applyEdit, edited, REFUSALS, refuse, zeroed, type Edit } from "./edit.ts";
export type { Reach } from "./chain-graph.ts";
export { checkPlaces, sharedSteps, findLoops, hooksOf, isTakenAt, ruleContext, sharesState, type Loop, type PlaceFault } from "./place.ts";
export {
  findSetType,
  IpSet,
  secondsLeft,
  SET_TYPES,
  Sets,
  type CreateRequest,
  type EntryRequest,
  type Gifts,
  type Listed,
  type MappedGift,
  type NamedSet,
  type Part,
  type Refusal,
  type SetOptions,
  type SetType,
} from "./sets/index.ts";
