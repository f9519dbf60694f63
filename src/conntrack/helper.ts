import type { Carrier } from "./carrier.ts";
import type { CtInfo, Direction } from "./direction.ts";
import type { Connection } from "./connection.ts";
import type { ExpectationPolicy } from "./expectation-table.ts";
import type { HelperSettings } from "./helper-settings.ts";
import type { Tracking } from "./tracking.ts";

/** A protocol's helper, which reads what its packets say (struct nf_conntrack_helper). */
export interface Helper {
  readonly name: string;
  readonly families: readonly (4 | 6)[];
  /** Transport protocol number. */
  readonly protocol: number;
  /** The port its servers usually listen on. */
  readonly port: number;
  /** By class. */
  policies(settings: HelperSettings): readonly ExpectationPolicy[];
  /** Begins to watch one connection. */
  watch(settings: HelperSettings): Watcher;
}

/** A helper at work on one connection, with what it remembers of it. */
export interface Watcher {
  /** Looks at a packet, and may rewrite it; a drop has its reason in `carrier.trackingReason`. */
  help(sight: Sight): "accept" | "drop";
  /** The connection leaves the table. */
  end?(tracker: Tracking, connection: Connection): void;
}

/** Where a packet meets its helper. */
export interface HelperPlace {
  readonly hook: "INPUT" | "POSTROUTING";
  /** It goes over loopback, or came so: sequence numbers are left alone. */
  readonly loopback?: boolean | undefined;
  /** The packet of a local socket to the broadcast address of an interface: the netmask of that address, an IPv4 number. */
  readonly broadcastMask?: number | undefined;
}

/** A packet as a helper sees it; `carrier.bytes` change under it when it is rewritten. */
export interface Sight {
  readonly tracker: Tracking;
  readonly carrier: Carrier;
  readonly connection: Connection;
  readonly info: CtInfo;
  readonly direction: Direction;
  /** Offset of the transport header. */
  readonly l4: number;
  readonly place: HelperPlace;
  /** µs. */
  readonly now: number;
  /** Which checksum must be computed anew, because the payload was rewritten. */
  remade: "tcp" | "udp" | undefined;
}

/** Drops the packet for a reason. */
export function refuse({ carrier, connection }: Sight, reason: string): "drop" {
  carrier.trackingReason = `${connection.helper ?? "helper"}: ${reason}`;
  return "drop";
}
