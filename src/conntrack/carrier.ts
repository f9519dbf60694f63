import type { Layout } from "../packet/index.ts";
import type { Connection } from "./connection.ts";
import type { CtInfo } from "./direction.ts";

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
