import type { Clause } from "../../analysis/explain/index.ts";
import type { Circumstance } from "./opaque-phrase.ts";
import type { Phrase } from "./phrase.ts";

/** Clauses by what they are about. */
export interface Parts {
  readonly protocols: Clause[];
  readonly icmp: Clause[];
  /** `network-unreachable` of "ICMP other than …" */
  readonly icmpExcept: string[];
  readonly source: Clause[];
  readonly destination: Clause[];
  readonly sourcePorts: Clause[];
  readonly destinationPorts: Clause[];
  /** `to or from port 80`, `with source and destination in the set X` */
  readonly loose: string[];
  readonly phrases: Phrase[];
  readonly circumstances: Circumstance[];
  never: boolean;
  /** Only whole packets and first fragments, where nothing else says so. */
  notFragments: boolean;
}
