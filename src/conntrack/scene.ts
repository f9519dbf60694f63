import { directionOf, type CtInfo } from "./direction.ts";
import { STATUS, type Connection } from "./connection.ts";
import type { Scene } from "./protocol.ts";
import type { Tracking } from "./tracking.ts";

/** A packet of a connection: its length in bytes, whether its checksum is verified, and when it came (µs). */
export interface Arrival {
  readonly connection: Connection;
  readonly info: CtInfo;
  readonly length: number;
  readonly verify: boolean;
  readonly now: number;
}

/** What the protocol's tracker may do with the packet (nf_conntrack_core.c, __nf_ct_refresh_acct and nf_ct_kill_acct). */
export function newScene(tracker: Tracking, { connection, info, length, verify, now }: Arrival): Scene {
  const direction = directionOf(info);
  const count = (): void => {
    const counter = connection.counts?.[direction];
    if (!counter) return;
    counter.packets++;
    counter.bytes += length;
  };
  return {
    sysctls: tracker.sysctls,
    timeouts: connection.timeouts,
    now,
    verify,
    direction,
    refresh: seconds => {
      tracker.refresh(connection, seconds, now);
      count();
    },
    kill: () => {
      count();
      tracker.remove(connection);
      connection.status |= STATUS.DYING;
    },
  };
}
