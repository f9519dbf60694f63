import { PROTOCOL, u16 } from "../../packet/index.ts";
import type { Facts, SetEnd } from "../../predicate/index.ts";

/** A packet's protocol and the port that a set compares. */
export interface PacketPort {
  readonly protocol: number;
  readonly port: number;
}

/** Bytes of the header that must be there for its port to be read. */
const HEADERS: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.TCP, 20],
  [PROTOCOL.SCTP, 12],
  [PROTOCOL.UDP, 8],
  [PROTOCOL.UDPLITE, 8],
  [PROTOCOL.ICMP, 8],
  [PROTOCOL.ICMPV6, 8],
]);
/** Protocols of which a later IPv4 fragment cannot be matched. */
const FRAGMENTED: readonly number[] = [PROTOCOL.TCP, PROTOCOL.SCTP, PROTOCOL.UDP, PROTOCOL.UDPLITE, PROTOCOL.ICMP];

/**
 * The port of a packet at one end; ICMP has type and code in its place, other protocols 0. Undefined where the header is not there: in later
 * fragments, except those of IPv4 protocols without ports, in cut packets, and in IPv4's protocol 0. Kernel: ip_set_getport.c, ip_set_get_ip4_port and ip_set_get_ip6_port.
 */
export function packetPort(facts: Facts, end: SetEnd): PacketPort | undefined {
  const protocol = facts.value("protocol");
  if (typeof protocol !== "number") return undefined;
  const later = facts.value("fragoff") !== 0;
  if (facts.family === 6 && (later || protocol === PROTOCOL.NONE)) return undefined;
  if (facts.family === 4 && protocol === 0) return undefined;
  if (later) return FRAGMENTED.includes(protocol) ? undefined : { protocol, port: 0 };
  const need = HEADERS.get(protocol);
  if (need === undefined) return { protocol, port: 0 };
  const { bytes, l4 } = facts;
  if (l4 + need > Math.min(facts.end, bytes.length)) return undefined;
  if (protocol === PROTOCOL.ICMP || protocol === PROTOCOL.ICMPV6) return { protocol, port: u16(bytes, l4) };
  return { protocol, port: u16(bytes, end === "src" ? l4 : l4 + 2) };
}
