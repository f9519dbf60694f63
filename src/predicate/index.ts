/** The closed language that every match and target lowers to, and nothing else interprets extensions by. */
export type { Family } from "./family.ts";
export { CT_STATE, CT_STATUS, FIELDS, type Facts, type Field, type FieldInfo, type FieldKind, type Moment, type Scalar, type Value } from "./field.ts";
export {
  all, always, among, any, bits, equal, firstFragment, holds, invertIf, maskedEqual, named, namedLike, never, not, opaque, present,
  type Opaque, type Predicate, type Range, type StateStore,
} from "./predicate.ts";
export { isVerdict, type Action, type Log, type Nat, type NatAddress, type Rejection, type SetField, type Track } from "./action.ts";
