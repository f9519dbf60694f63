import type { Tracker } from "../conntrack/index.ts";
import type { Interface } from "../host/index.ts";
import type { Circumstances } from "../packet/index.ts";

/** What comes with a packet besides its bytes. */
export interface PacketOrigin {
  readonly in?: Interface | undefined;
  readonly physin?: string | undefined;
  readonly physout?: string | undefined;
  /** Source hardware address as a 48-bit number. */
  readonly mac?: number | undefined;
  /** The link-layer header, 14 bytes for Ethernet. */
  readonly linkHeader?: Uint8Array | undefined;
  readonly pkttype?: number | undefined;
  readonly mark?: number | undefined;
  readonly priority?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly socket?: boolean | undefined;
  /** A value of CT_STATE that it is to have, whatever tracking would say. */
  readonly supposed?: number | undefined;
  /** What is around it. */
  readonly around?: Circumstances | undefined;
  /** Where its connections are; none are known without it. */
  readonly tracker?: Tracker | undefined;
}
