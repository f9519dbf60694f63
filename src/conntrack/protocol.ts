import type { Carrier } from "./carrier.ts";
import type { Direction } from "./direction.ts";
import type { Connection } from "./connection.ts";
import type { ConntrackSysctls } from "./sysctls.ts";
import type { Timeouts } from "./timeouts.ts";

/** What a protocol's tracker may look at and do beside the packet and its connection. */
export interface Scene {
  readonly sysctls: ConntrackSysctls;
  /** Seconds: the connection's own. */
  readonly timeouts: Timeouts;
  /** µs. */
  readonly now: number;
  /** Checksums are verified here: PREROUTING, and the setting is on. */
  readonly verify: boolean;
  readonly direction: Direction;
  /** The packet's connection lives this many seconds more; counts the packet (nf_ct_refresh_acct). */
  refresh(seconds: number): void;
  /** Counts the packet and takes the connection from the table (nf_ct_kill_acct). */
  kill(): void;
}

/**
 * What a protocol says of a packet: it belongs to the connection; it is INVALID for a reason; the connection was removed and the
 * packet must be looked up again (NF_REPEAT); or it must be dropped.
 */
export type Step = "accept" | "repeat" | "drop" | { readonly invalid: string };

/** One protocol's tracker (struct nf_conntrack_l4proto). */
export interface ProtocolTracker {
  packet(connection: Connection, carrier: Carrier, scene: Scene): Step;
}
