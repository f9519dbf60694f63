import type { Clause } from "../../analysis/explain/index.ts";
import type { Family } from "../../predicate/index.ts";
import { nounOf, type Unit } from "./noun.ts";
import type { Circumstance } from "./opaque-phrase.ts";
import { sorted } from "./sorted-clauses.ts";
import { restOf } from "./rest.ts";

/** Traffic in words. */
export interface Traffic {
  /** `TCP to port 22 (ssh) from 10.0.0.0/8 that comes in by eth0` */
  readonly text: string;
  /** What else decides: rates, lists, the time. */
  readonly circumstances: readonly Circumstance[];
  /** No packet fits. */
  readonly nothing: boolean;
  /** Every packet fits, but for the circumstances. */
  readonly everything: boolean;
}

/** Clauses, all of which hold, as one noun phrase. */
export function trafficOf(clauses: readonly Clause[], family: Family, unit: Unit = "packets"): Traffic {
  const parts = sorted(clauses, family);
  const noun = nounOf(parts, unit, family);
  const rest = restOf(parts, family);
  return {
    text: [noun, ...rest].join(" "),
    circumstances: parts.circumstances,
    nothing: parts.never,
    everything: rest.length === 0 && parts.protocols.length === 0 && parts.icmp.length === 0 && parts.icmpExcept.length === 0,
  };
}
