/** The closed language that every match and target lowers to, and nothing else interprets extensions by. */
export type { Family } from "./family.ts";
export {
  CONNECTION_FIELDS,
  CT_STATE,
  CT_STATUS,
  FIELDS,
  NO_CONNECTIONS,
  type ConnectionLookup,
  type Facts,
  type Field,
  type FieldInfo,
  type FieldKind,
  type FlowTuple,
  type Moment,
  type Scalar,
  type SecurityStep,
  type Value,
} from "./field.ts";
export { bareFacts, bareStore } from "./bare-facts.ts";
export type { Described, RateKey } from "./described.ts";
export { memberText, type CounterTest, type SetChange, type SetEnd, type SetTest } from "./set-test.ts";
export {
  all,
  always,
  among,
  any,
  bits,
  equal,
  firstFragment,
  holds,
  invertIf,
  maskedEqual,
  member,
  named,
  namedLike,
  never,
  not,
  opaque,
  present,
  type Opaque,
  type Predicate,
  type Range,
  type StateStore,
} from "./predicate.ts";
export {
  isVerdict,
  leads,
  type Action,
  type ChangeSets,
  type Computed,
  type Effect,
  type FieldSource,
  type Log,
  type Nat,
  type NatAddress,
  type Rejection,
  type SetField,
  type Track,
} from "./action.ts";
export { asksOpaque, leaves, setsAsked, type Leaf } from "./leaves.ts";
