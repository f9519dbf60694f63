import { signal, type Signal } from "@preact/signals";
import type { Family } from "../../predicate/index.ts";

/** Packets and bytes that a rule or policy saw. */
export interface Amount {
  readonly packets: number;
  readonly bytes: number;
}

/** What rules and policies saw, of a trace, a capture or the running kernel. */
export interface Hits {
  /** `the trace`, `office.pcap`, `the kernel at 14:03:05`. */
  readonly of: string;
  /** By line of the family's text; rules alone. */
  readonly lines: Readonly<Record<Family, ReadonlyMap<number, Amount>>>;
  /** By `FAMILY TABLE CHAIN`: what came to the chain's policy. */
  readonly policies: ReadonlyMap<string, Amount>;
  /** Families whose policies nobody counted, as iptables-nft counts none: what came to them is unknown. */
  readonly uncountedPolicies?: ReadonlySet<Family>;
}

/** The hits that the gutter and the map show; undefined for none. */
export const hits: Signal<Hits | undefined> = signal(undefined);

/** What hits of a trace are `of`. */
export const THE_TRACE = "the trace";

/** Key of `policies`. */
export function chainKey(family: Family, table: string, chain: string): string {
  return `${family} ${table} ${chain}`;
}
