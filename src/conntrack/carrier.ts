import type { Layout } from "../packet/index.ts";
import type { Connection } from "./connection.ts";

/** How a packet stands to its connection (linux/netfilter/nf_conntrack_common.h, enum ip_conntrack_info). */
export const CT_INFO = {
  ESTABLISHED: 0,
  RELATED: 1,
  NEW: 2,
  ESTABLISHED_REPLY: 3,
  RELATED_REPLY: 4,
  UNTRACKED: 7,
} as const;

/** A value of `CT_INFO`. */
export type CtInfo = (typeof CT_INFO)[keyof typeof CT_INFO];

/** Direction of a packet in its connection: 0 original, 1 reply. */
export type Direction = 0 | 1;

/** The direction that an info value stands for (CTINFO2DIR). */
export function directionOf(info: CtInfo): Direction {
  return info === CT_INFO.ESTABLISHED_REPLY || info === CT_INFO.RELATED_REPLY ? 1 : 0;
}

/**
 * What tracking and NAT need of a packet on its way: the engine's own packet implements it. `connection` undefined means
 * INVALID, unless `info` is UNTRACKED. A packet delivered to the machine itself, or sent out, must be given a fresh carrier,
 * or its connection cleared (nf_reset_ct); one that loops through `lo` keeps it.
 */
export interface Carrier {
  readonly family: 4 | 6;
  /** The packet from its IP header on. NAT writes into it, so it must not be shared with whoever gave it. */
  bytes: Uint8Array;
  layout: Layout;
  connection: Connection | undefined;
  info: CtInfo;
  /** The packet mark. A template with zone "mark" reads it. */
  mark: number;
  /** Why the last step of tracking or NAT made the packet INVALID or dropped it; undefined after one that did not. */
  trackingReason: string | undefined;
  /** NAT has summed this ICMP error once, and takes its checksum for right from then on (ip_summed: CHECKSUM_COMPLETE, then CHECKSUM_UNNECESSARY). */
  summed?: boolean;
  /** Called after NAT rewrote `bytes` in place, so that cached fields can be forgotten. Lengths and layout stay. */
  rewritten(): void;
  /**
   * Called after a helper replaced `bytes` and `layout`: the payload changed, perhaps its length, and the transport checksum is the machine's own
   * (CHECKSUM_PARTIAL). Without it `rewritten` is called.
   */
  remade?(): void;
  /** Called when a helper reads the whole payload: how it was cut into fragments is lost (skb_linearize). */
  linearized?(): void;
}
