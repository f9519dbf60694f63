/** What each rule and chain of a ruleset says, as plain data. */
export { alternativesOf, asksForConnection, clausesOf, fieldOf, isOfConnection, OWNERS, type Clause } from "./clauses.ts";
export { type Caller } from "./callers.ts";
export { isUnconditional, plainActions } from "./effect.ts";
export { explainedChains, type ExplainedChain } from "./explained.ts";
export { nextOf, type Next } from "./next.ts";
export { addressLists, knocks, recentsOf, type AddressList, type Knock, type ListUse, type RuleAt } from "./lists.ts";
export { type Alive } from "./alive.ts";
export { ruleDetail, ruleRemains, type RuleDetail, type RuleRemains } from "./detail.ts";
export { BEHIND, livesOf, placeKey, type Around, type Lives } from "./life.ts";
export { type Shown } from "./shown.ts";
export { servedBy } from "./served.ts";
