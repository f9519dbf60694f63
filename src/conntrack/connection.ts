import { CT_STATUS } from "../predicate/index.ts";
import type { Direction } from "./direction.ts";
import type { TcpState } from "./tcp-state.ts";
import type { SctpState } from "./sctp-state.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Tuple } from "./tuple.ts";

/** A conntrack zone: its id, and in which directions it tells connections apart (struct nf_conntrack_zone). */
export interface Zone {
  readonly id: number;
  readonly original: boolean;
  readonly reply: boolean;
}

/** The zone of packets that no rule gave one. */
export const DEFAULT_ZONE: Zone = { id: 0, original: true, reply: true };

/** The zone's id as it counts in a direction (nf_ct_zone_id). */
export function zoneId(zone: Zone, direction: Direction): number {
  return (direction === 0 ? zone.original : zone.reply) ? zone.id : 0;
}

/** Packets and bytes of one direction. */
export interface Count {
  packets: number;
  bytes: number;
}

/** Bits of `Connection.status` beyond those that rules can test (enum ip_conntrack_status). */
export const STATUS: typeof CT_STATUS & {
  readonly SEQ_ADJUST: 64;
  readonly FIXED_TIMEOUT: 1024;
  readonly TEMPLATE: 2048;
  readonly NAT_CLASH: 4096;
  readonly HELPER: 8192;
  readonly OFFLOAD: 16384;
} = { ...CT_STATUS, SEQ_ADJUST: 64, FIXED_TIMEOUT: 1024, TEMPLATE: 2048, NAT_CLASH: 4096, HELPER: 8192, OFFLOAD: 16384 };

/** How far one direction's sequence numbers are shifted, up to a position and after it (struct nf_ct_seqadj). */
export interface SequenceShift {
  /** The sequence number of the last segment whose length changed, as its sender wrote it. */
  position: number;
  before: number;
  after: number;
}

/** One tracked connection (struct nf_conn). Tuples change only by NAT before it is confirmed. */
export interface Connection {
  /** Counts up from 1 in the order of first packets. */
  readonly id: number;
  readonly tuples: [original: Tuple, reply: Tuple];
  /** Bits of `STATUS`. */
  status: number;
  mark: number;
  readonly zone: Zone;
  /** µs: when it expires; before it is confirmed, how long it will then live. */
  deadline: number;
  /** By direction; counted only where `acct` is on. */
  readonly counts: readonly [Count, Count] | undefined;
  /** The connection that led to the expectation of this one. */
  master: Connection | undefined;
  /** Name of the helper that watches it. */
  readonly helper: string | undefined;
  /** TCP: how far a helper's NAT, or SYNPROXY, moved each direction's sequence numbers. */
  shifts: readonly [SequenceShift, SequenceShift] | undefined;
  /** 128 bits that rules set (-m connlabel); undefined where no rule asks for labels. */
  labels: bigint | undefined;
  /** MASQUERADE's interface: the mapping dies when packets leave by another. */
  masqueradeInterface: string | undefined;
  /** Name of the timeout policy that a rule gave it. */
  readonly timeoutPolicy: string | undefined;
  /** Seconds by that policy, or the settings'. */
  readonly timeouts: Timeouts;
  /** µs: when it was confirmed; kept only where `timestamp` is on. */
  startedAt: number | undefined;
  tcp: TcpState | undefined;
  sctp: SctpState | undefined;
  /** µs: UDP and GRE: when a stream counts as one. */
  streamAt: number;
}
