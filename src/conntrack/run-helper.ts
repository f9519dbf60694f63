import type { Carrier } from "./carrier.ts";
import { CT_INFO, directionOf } from "./direction.ts";
import { STATUS } from "./connection.ts";
import { skipExtensions } from "./extension-headers.ts";
import { refuse, type HelperPlace, type Sight } from "./helper.ts";
import { completeChecksum } from "./mangle.ts";
import { adjustSequence } from "./sequence.ts";
import type { Tracker } from "./tracker.ts";
import { IPV6_HEADER, u8 } from "../packet/index.ts";

/**
 * The last step before a packet's connection is confirmed: its helper looks at it and may rewrite it, then its sequence numbers are
 * shifted. On "drop" the reason stands in `carrier.trackingReason` (nf_conntrack_proto.c, nf_confirm).
 */
export function runHelper(tracker: Tracker, carrier: Carrier, place: HelperPlace, now: number): "accept" | "drop" {
  const { connection, info } = carrier;
  if (connection === undefined) return "accept";
  const shifted = (connection.status & STATUS.SEQ_ADJUST) !== 0 && place.loopback !== true;
  const watcher = connection.helper === undefined ? undefined : tracker.watcherOf(connection);
  if ((watcher === undefined && !shifted) || info === CT_INFO.RELATED_REPLY) return "accept";
  const l4 = transportOf(carrier);
  if (l4 === undefined) return "accept";
  carrier.trackingReason = undefined;
  const sight: Sight = { tracker, carrier, connection, info, direction: directionOf(info), l4, place, now, remade: undefined };
  if (watcher?.help(sight) === "drop") return drop(tracker, sight);
  if (shifted && !adjustSequence(carrier.bytes, l4, carrier.layout.totalLength, connection, sight.direction)) {
    refuse(sight, "a segment whose options cannot be adjusted");
    return drop(tracker, sight);
  }
  completeChecksum(sight);
  if (sight.remade !== undefined && carrier.remade !== undefined) carrier.remade();
  else if (sight.remade !== undefined || shifted) carrier.rewritten();
  return "accept";
}

/** A connection whose first packet is dropped is gone, and what it foresaw with it. */
function drop(tracker: Tracker, { connection }: Sight): "drop" {
  if (!(connection.status & STATUS.CONFIRMED)) tracker.release(connection);
  return "drop";
}

function transportOf({ bytes, family, layout }: Carrier): number | undefined {
  if (family === 4) return (u8(bytes, 0) & 0x0f) * 4;
  const { offset, fragment } = skipExtensions(bytes, u8(bytes, 6), IPV6_HEADER, layout.totalLength);
  return offset === undefined || (fragment & 0xfff8) !== 0 ? undefined : offset;
}
