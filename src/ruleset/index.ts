/** Ruleset ⊃ Table ⊃ Chain ⊃ Rule. */
export { ZERO, type AddressTest, type Chain, type Condition, type Counters, type InterfaceTest, type Position, type Rule, type RuleHeader, type Ruleset, type Table } from "./rule.ts";
