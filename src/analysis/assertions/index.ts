/** Files of assertions: YAML → data, and what became of each assertion. */
export { readAssertions, type AssertionReading } from "./read-assertions.ts";
export {
  WISHES,
  type Assertion,
  type AssertionFault,
  type AssertionFile,
  type Claim,
  type FilePlace,
  type PlacedQuestion,
  type PlacedText,
} from "./assertion.ts";
export { readInvariant } from "./read-invariant.ts";
export { printInvariant } from "./print-invariant.ts";
export { lowerInvariant } from "./lower-invariant.ts";
export type { Ending, Invariant, PacketCondition } from "./invariant.ts";
export { checkAssertions, claimedFiles } from "./check.ts";
export type { CheckedRules } from "./checked-rules.ts";
export type { AssertionOutcome, AssertionResult, AssertionRun } from "./result.ts";
