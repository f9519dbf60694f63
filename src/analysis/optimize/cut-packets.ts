import { PROTOCOL } from "../../packet/index.ts";
import { all, among, CT_STATE, equal, not, type Field, type Predicate } from "../../predicate/index.ts";
import type { Box } from "./box.ts";

/** Bytes of headers without options. */
const TCP_HEADER = 20;
const UDP_HEADER = 8;
/** More than any header has. */
const WHOLE = 1000;

/** Are there packets in the box that are no fragments and whose headers are whole? */
export function holdsWhole({ spans }: Box): boolean {
  const may = (field: Field, value: number): boolean => {
    const span = spans.get(field);
    return !span || span.absent || span.ranges.some(([low, high]) => low <= value && value <= high);
  };
  return may("l4length", WHOLE) && may("fragoff", 0) && may("morefrags", 0);
}

/**
 * Is it impossible that a packet is in both boxes, because one holds packets of connections only and the other cut ones only?
 * Packets of a connection are no fragments, and their headers are whole: others are INVALID. Kernel: nf_conntrack_core.c, nf_conntrack_in, which
 * stands behind defragmentation; nf_conntrack_proto_tcp.c and _udp.c, tcp_error and udp_error.
 */
export function isCutConnection(tracked: Box, cut: Box): boolean {
  const states = tracked.spans.get("ctstate");
  if (!states || states.absent || !states.ranges.every(([low, high]) => low >= CT_STATE.NEW && high <= CT_STATE.RELATED)) return false;
  const fragment = cut.spans.get("fragoff");
  if (fragment && !fragment.absent && fragment.ranges.every(([low]) => low > 0)) return true;
  const length = cut.spans.get("l4length");
  if (!length || length.absent) return false;
  const least = isProtocol(cut, tracked, PROTOCOL.TCP) ? TCP_HEADER : isProtocol(cut, tracked, PROTOCOL.UDP) ? UDP_HEADER : 0;
  return length.ranges.every(([, high]) => high < least);
}

function isProtocol(cut: Box, tracked: Box, protocol: number): boolean {
  const span = cut.spans.get("protocol") ?? tracked.spans.get("protocol");
  return (
    span !== undefined &&
    !span.absent &&
    span.ranges.length > 0 &&
    span.ranges.every(([low, high]) => low === protocol && high === protocol)
  );
}

/** The same as a predicate, which holds of every packet that there can be behind connection tracking. */
export const NO_CUT_CONNECTION: Predicate = all(
  ...(
    [
      [PROTOCOL.TCP, TCP_HEADER],
      [PROTOCOL.UDP, UDP_HEADER],
    ] as const
  ).map(([protocol, header]) =>
    not(all(among("ctstate", [CT_STATE.NEW, CT_STATE.RELATED]), equal("protocol", protocol), among("l4length", [0, header - 1]))),
  ),
  not(all(among("ctstate", [CT_STATE.NEW, CT_STATE.RELATED]), not(among("fragoff", [0, 0])))),
);
