/**
 * A ruleset as sets of packets and what becomes of them: interval decision diagrams over the fields that rules ask for. Start with `surveyed`,
 * which fixes the ranks for everything that is to be analysed together; `Sessions` gives sessions and packets by path, `Reach` what comes to
 * each rule, `Lowering` sets of predicates, `sample` a member of a set.
 */
export { spread } from "./bit-groups.ts";
export { SpentBudget } from "./budget.ts";
export { isAlwaysThere } from "./constants.ts";
export { Diagrams, LEAF_LEVEL, NO, YES, type Diagram } from "./diagrams.ts";
export { Memo } from "./memo.ts";
export { hasOwnBit, levelBit } from "./node-store.ts";
export { NOTHING } from "./pair-cache.ts";
export { Domain, type Point } from "./domain.ts";
export { FIELD_ORDER, INSTANCES, lastRank, PER_PACKET, SETTING_OUT, TOLD_APART, type Level } from "./level.ts";
export { Space } from "./space.ts";
export { conditionKeys, surveyed, type Subjects } from "./survey.ts";
export { LOCAL_DESTINATION, LOCAL_DESTINATION_KEY, LOCAL_SOURCE, Surroundings, type Known } from "./surroundings.ts";
export { Lowering, type View } from "./lower.ts";
export { Results, type Ending, type Result } from "./outcome.ts";
export { TableDiagrams } from "./chain.ts";
export type { Observed } from "./observed.ts";
export { clientView, HookDiagrams, serverView, TABLES_AT, tracks, untracks } from "./hooks.ts";
export { lengthsOf, ORDINARY_MSS, sessionKinds, type SessionKind, type Shape } from "./kinds.ts";
export { Sessions } from "./sessions.ts";
export type { KindSessions, SessionEnd, SessionPath, SessionRole } from "./session-end.ts";
export { possible, UNICAST } from "./universe.ts";
export { Reach, type CallSite, type RuleReach } from "./reach.ts";
export { arriving } from "./arrival.ts";
export { sample, type Preferences, type Sample, type SampleCondition, type Wish } from "./sample.ts";
export { routeTests, type RouteTests } from "./routes.ts";
export { assignmentOf, composed, substituted, UNCHANGED, type Assignment, type Transform } from "./transform.ts";
