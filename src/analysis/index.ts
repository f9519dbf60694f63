/**
 * Questions about a firewall, answered from its diagrams: sessions and strays, each with a witness. `familyModel` puts one or two firewalls into
 * one space; each question has a folder with an index of its own (`policy/`, `query/`, `diff/`, `lint/`, `assertions/`, `optimize/`, `explain/`).
 */
export {
  bounds,
  conditionsOf,
  familyModel,
  possibleOn,
  sessionsThat,
  type FamilyModel,
  type Firewall,
  type ModelOptions,
} from "./model.ts";
export { PATHS, type Condition, type Confirmation, type Path, type Ranges, type Role, type RulePointer, type Witness } from "./witness.ts";
export { witnessOf } from "./witness-of.ts";
export type { WitnessWish } from "./witness-wish.ts";
export type { Finding, Fix, FixEdit, Severity } from "./finding.ts";
export type { AddressClass, Certainty, PolicyReport, PolicyRow, PolicySection, ServiceClass, StrayRow } from "./policy-report.ts";
