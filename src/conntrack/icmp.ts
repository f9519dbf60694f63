import { PROTOCOL, u8 } from "../packet/index.ts";
import type { Carrier } from "./carrier.ts";
import { sumHolds } from "./checksum.ts";
import { STATUS } from "./connection.ts";
import type { ProtocolTracker } from "./protocol.ts";

/** Types that open a connection: echo, timestamp, information and address mask requests; in IPv6 echo and node information. */
const OPENERS: Readonly<Record<4 | 6, ReadonlySet<number>>> = { 4: new Set([8, 13, 15, 17]), 6: new Set([128, 139]) };

/** ICMP and ICMPv6 questions and answers; errors are `judgeIcmp`'s affair (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c). */
const tracker = (family: 4 | 6, timeout: "icmp_timeout" | "icmpv6_timeout"): ProtocolTracker => ({
  packet(connection, carrier, { timeouts, refresh }) {
    if (carrier.family !== family) return { invalid: `ICMP of the other family inside IPv${carrier.family}` };
    if (!(connection.status & STATUS.CONFIRMED) && !OPENERS[family].has(connection.tuples[0].destinationPort >> 8))
      return { invalid: "an ICMP answer that nobody asked for" };
    refresh(timeouts[timeout]);
    return "accept";
  },
});

export const icmp: ProtocolTracker = tracker(4, "icmp_timeout");
export const icmpv6: ProtocolTracker = tracker(6, "icmpv6_timeout");

/** What an ICMP message is before it is looked up: a query to track, an error about some other packet, one that is never tracked, or INVALID. */
export type IcmpKind = "query" | "untracked" | { readonly error: { readonly quotes: number } } | { readonly invalid: string };

/** Highest known ICMP type (NR_ICMP_TYPES). */
const NR_ICMP_TYPES = 18;
const ERRORS4: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
/** Multicast listener queries and reports, neighbour discovery: 130–136 and 143. */
const untracked6 = (type: number): boolean => (type >= 130 && type <= 136) || type === 143;
const REDIRECT6 = 137;
/** Offset of the packet in a redirect whose first option is the redirected header: 40 bytes of message, 8 of option. */
const REDIRECT6_QUOTES = 48;
const REDIRECTED_HEADER_OPTION = 4;

/** Kernel: nf_conntrack_icmpv4_error, nf_conntrack_icmpv6_error. */
export function judgeIcmp(carrier: Carrier, verify: boolean): IcmpKind {
  const { family, bytes, layout } = carrier;
  const { l4, totalLength } = layout;
  if (l4 + 8 > totalLength) return { invalid: "ICMP header cut short" };
  if (verify && !sumHolds(carrier, family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6)) return { invalid: "bad ICMP checksum" };
  const type = u8(bytes, l4);
  if (family === 4) {
    if (type > NR_ICMP_TYPES) return { invalid: `unknown ICMP type ${type}` };
    return ERRORS4.has(type) ? { error: { quotes: l4 + 8 } } : "query";
  }
  if (untracked6(type)) return "untracked";
  if (type === REDIRECT6) {
    const legal =
      u8(bytes, 7) === 255 &&
      u8(bytes, l4 + 1) === 0 &&
      l4 + REDIRECT6_QUOTES <= totalLength &&
      u8(bytes, l4 + 40) === REDIRECTED_HEADER_OPTION;
    return legal ? { error: { quotes: l4 + REDIRECT6_QUOTES } } : "query";
  }
  return type >= 128 ? "query" : { error: { quotes: l4 + 8 } };
}
