import type { Connection } from "./connection.ts";
import type { Tuple } from "./tuple.ts";

/** A connection that a helper foresees (struct nf_conntrack_expect). */
export interface Expectation {
  readonly master: Connection;
  /** What its first packet must look like, under `mask`. */
  readonly tuple: Tuple;
  /** Which parts of the source count; the destination always does. */
  readonly mask: { readonly source: boolean; readonly sourcePort: boolean };
  /** µs. */
  readonly deadline: number;
  /** It may be used more than once. */
  readonly permanent: boolean;
  /** Helper of the new connection. */
  readonly helper: string | undefined;
}

/** Does a first packet fulfil the expectation (nf_conntrack_expect.c, nf_ct_find_expectation)? */
export function fulfils(tuple: Tuple, { tuple: wanted, mask }: Expectation): boolean {
  return (
    tuple.family === wanted.family &&
    tuple.protocol === wanted.protocol &&
    tuple.destination === wanted.destination &&
    tuple.destinationPort === wanted.destinationPort &&
    (!mask.source || tuple.source === wanted.source) &&
    (!mask.sourcePort || tuple.sourcePort === wanted.sourcePort)
  );
}
