import type { Host } from "../../host/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import type { Sets } from "../../ruleset/index.ts";
import type { Path } from "../witness.ts";

/** What the names in a question stand for. */
export interface Surroundings {
  /** Known when somebody described the machine; an assumed one has no say. */
  readonly host?: Host | undefined;
  readonly sets?: Sets | undefined;
  /** Names of ipsets that the rules speak of, whose contents may be unknown. */
  readonly namedSets: readonly string[];
  /** Addresses of a host name; undefined for one that is not known. */
  readonly resolve?: ((name: string, family: Family) => readonly Scalar[] | undefined) | undefined;
}

/** Where a test of an address stands. */
export interface Standing {
  readonly family: Family;
  readonly path: Path;
  readonly surroundings: Surroundings;
}
