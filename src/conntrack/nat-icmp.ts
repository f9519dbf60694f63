import {
  ICMP,
  ICMP_HEADER,
  ICMPV6,
  internetChecksum,
  IPV4_HEADER,
  IPV6_HEADER,
  PROTOCOL,
  pseudoHeaderSum6,
  setU16,
  u8,
} from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";
import { directionOf } from "./direction.ts";
import { STATUS, type Connection } from "./connection.ts";
import { skipExtensions } from "./extension-headers.ts";
import { manipulate, type Manip } from "./manip.ts";
import { invertTuple } from "./tuple.ts";

/** What became of an ICMP error: passed as it is, rewritten, or dropped for a reason. */
export type ErrorTranslation = "unchanged" | "rewritten" | { readonly drop: string };

/** Where the ICMP header of a RELATED packet is; undefined when the packet is no ICMP message of its family. */
export function icmpHeader({ family, bytes, layout }: Carrier): number | undefined {
  if (family === 4) return u8(bytes, 9) === PROTOCOL.ICMP ? layout.l4 : undefined;
  const { offset, next } = skipExtensions(bytes, u8(bytes, 6), IPV6_HEADER, layout.totalLength);
  return next === PROTOCOL.ICMPV6 ? offset : undefined;
}

/**
 * Translates an ICMP error, whose header is at `l4`, and the packet in it, by the mapping of the connection that it is about
 * (nf_nat_proto.c, nf_nat_icmp_reply_translation and nf_nat_icmpv6_reply_translation).
 */
export function translateError(carrier: Carrier, connection: Connection, manip: Manip, l4: number): ErrorTranslation {
  const { family, bytes, layout } = carrier;
  const end = layout.totalLength;
  if (l4 + ICMP_HEADER + (family === 4 ? IPV4_HEADER : IPV6_HEADER) > end) return { drop: "an ICMP error too short to translate" };
  if (carrier.summed !== true && checksum(carrier, l4) !== 0) return { drop: "an ICMP error with a wrong checksum" };
  carrier.summed = true;
  const { status } = connection;
  if (u8(bytes, l4) === (family === 4 ? ICMP.REDIRECT : ICMPV6.REDIRECT)) {
    if ((status & DONE) !== DONE || status & MAPPED) return { drop: "an ICMP redirect about a translated connection" };
  }
  const direction = directionOf(carrier.info);
  // A destination that was rewritten one way is a source the other way.
  const bit = (manip === "source") === (direction === 0) ? STATUS.SRC_NAT : STATUS.DST_NAT;
  if (!(status & bit)) return "unchanged";
  const other = connection.tuples[direction === 0 ? 1 : 0];
  const inner = manip === "source" ? "destination" : "source";
  if (!manipulate(bytes, l4 + ICMP_HEADER, end, other, inner)) return { drop: "an ICMP error whose packet is too short to translate" };
  setU16(bytes, l4 + 2, 0);
  setU16(bytes, l4 + 2, checksum(carrier, l4));
  const target = invertTuple(other);
  const protocol = family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6;
  if (target === undefined || !manipulate(bytes, 0, end, { ...target, protocol }, manip))
    return { drop: "an ICMP error too short to translate" };
  return "rewritten";
}

const DONE = STATUS.SRC_NAT_DONE | STATUS.DST_NAT_DONE;
const MAPPED = STATUS.SRC_NAT | STATUS.DST_NAT;

/** 0 when the checksum in the message is right; the right one when it is zeroed. */
function checksum({ family, bytes, layout }: Carrier, l4: number): number {
  const { totalLength: end } = layout;
  const pseudo = family === 4 ? 0 : pseudoHeaderSum6(bytes, PROTOCOL.ICMPV6, end - l4);
  return internetChecksum(bytes, l4, end, pseudo);
}
