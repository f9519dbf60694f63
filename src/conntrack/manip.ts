import {
  crc32c,
  ICMP,
  ICMP_HEADER,
  ICMPV6,
  IPV4_HEADER,
  IPV6_HEADER,
  PROTOCOL,
  SCTP_HEADER,
  setU128,
  setU16,
  setU32,
  TCP_HEADER,
  u128,
  u16,
  u32,
  u8,
  UDP_HEADER,
} from "../packet/index.ts";
import { skipExtensions } from "./extension-headers.ts";
import type { Tuple } from "./tuple.ts";

/** Which end of a packet NAT rewrites (enum nf_nat_manip_type). */
export type Manip = "source" | "destination";

/** What conntrack makes sure of in every TCP, SCTP and DCCP header, in bytes; an ICMP error carries no more. */
const LEAST_HEADER = 8;

/** Bytes of PPTP's GRE header up to its call id. */
const PPTP_HEADER = 8;

/**
 * Rewrites one end of the packet whose IP header is at `at` to that of `target`: address, port or id, and the checksums over
 * them, incrementally as the kernel does. `end` is where the packet stops. False when a header that must be rewritten is cut:
 * the packet is then to be dropped (nf_nat_proto.c, nf_nat_ipv4_manip_pkt and nf_nat_ipv6_manip_pkt).
 */
export function manipulate(bytes: Uint8Array, at: number, end: number, target: Tuple, manip: Manip): boolean {
  return target.family === 4 ? manipulate4(bytes, at, end, target, manip) : manipulate6(bytes, at, end, target, manip);
}

function manipulate4(bytes: Uint8Array, at: number, end: number, target: Tuple, manip: Manip): boolean {
  if (at + IPV4_HEADER > end) return false;
  const l4 = at + (u8(bytes, at) & 0x0f) * 4;
  if (!manipulateTransport({ bytes, at, l4, end, target, manip })) return false;
  const place = at + (manip === "source" ? 12 : 16);
  const address = Number(manip === "source" ? target.source : target.destination);
  replaceWords(bytes, at + 10, [u32(bytes, place)], [address]);
  setU32(bytes, place, address);
  return true;
}

function manipulate6(bytes: Uint8Array, at: number, end: number, target: Tuple, manip: Manip): boolean {
  if (at + IPV6_HEADER > end) return false;
  const { offset, fragment } = skipExtensions(bytes, u8(bytes, at + 6), at + IPV6_HEADER, end);
  if (offset !== undefined && (fragment & 0xfff8) === 0) {
    if (!manipulateTransport({ bytes, at, l4: offset, end, target, manip })) return false;
  }
  setU128(bytes, at + (manip === "source" ? 8 : 24), BigInt(manip === "source" ? target.source : target.destination));
  return true;
}

/** One transport header to rewrite, and the IP header at `at` that still has its old addresses. */
interface Part {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly l4: number;
  readonly end: number;
  readonly target: Tuple;
  readonly manip: Manip;
}

/** Protocols that NAT does not know pass as they are (nf_nat_proto.c, l4proto_manip_pkt). */
function manipulateTransport(part: Part): boolean {
  switch (part.target.protocol) {
    case PROTOCOL.TCP:
      return manipulatePort(part, LEAST_HEADER, TCP_HEADER, 16);
    case PROTOCOL.UDP:
      return manipulateUdp(part, part.l4 + UDP_HEADER <= part.end && u16(part.bytes, part.l4 + 6) !== 0);
    case PROTOCOL.UDPLITE:
      return manipulateUdp(part, true);
    case PROTOCOL.SCTP:
      return manipulateSctp(part);
    case PROTOCOL.ICMP:
      return manipulateIcmp(part);
    case PROTOCOL.ICMPV6:
      return manipulateIcmpv6(part);
    case PROTOCOL.GRE:
      return manipulateGre(part);
    default:
      return true;
  }
}

/** A port, and the checksum at `field` when all `full` bytes of the header are there. */
function manipulatePort(part: Part, least: number, full: number, field: number): boolean {
  const { bytes, l4, end } = part;
  if (l4 + least > end) return false;
  const place = portPlace(part);
  const from = u16(bytes, place);
  const to = newPort(part);
  setU16(bytes, place, to);
  if (l4 + full > end) return true;
  updatePseudoHeader(part, l4 + field);
  replaceWords(bytes, l4 + field, [from], [to]);
  return true;
}

/** A checksum that comes out as 0 is written as all ones, since 0 says that there is none. */
function manipulateUdp(part: Part, checked: boolean): boolean {
  const { bytes, l4, end } = part;
  if (l4 + UDP_HEADER > end) return false;
  if (checked) {
    updatePseudoHeader(part, l4 + 6);
    replaceWords(bytes, l4 + 6, [u16(bytes, portPlace(part))], [newPort(part)]);
    if (u16(bytes, l4 + 6) === 0) setU16(bytes, l4 + 6, 0xffff);
  }
  setU16(bytes, portPlace(part), newPort(part));
  return true;
}

/** The CRC is computed anew over all that follows, wrong as it may have been. */
function manipulateSctp(part: Part): boolean {
  const { bytes, l4, end } = part;
  if (l4 + LEAST_HEADER > end) return false;
  setU16(bytes, portPlace(part), newPort(part));
  if (l4 + SCTP_HEADER <= end) setU32(bytes, l4 + 8, crc32c(bytes, l4, end, l4 + 8));
  return true;
}

/** Only queries and their replies have an id. */
function manipulateIcmp({ bytes, l4, end, target }: Part): boolean {
  if (l4 + ICMP_HEADER > end) return false;
  if (!ICMP_WITH_ID.has(u8(bytes, l4))) return true;
  replaceWords(bytes, l4 + 2, [u16(bytes, l4 + 4)], [target.sourcePort]);
  setU16(bytes, l4 + 4, target.sourcePort);
  return true;
}

const ICMP_WITH_ID: ReadonlySet<number> = new Set([
  ICMP.ECHO_REQUEST,
  ICMP.ECHO_REPLY,
  ICMP.TIMESTAMP_REQUEST,
  ICMP.TIMESTAMP_REPLY,
  ICMP.INFO_REQUEST,
  ICMP.INFO_REPLY,
  ICMP.ADDRESS_REQUEST,
  ICMP.ADDRESS_REPLY,
]);

function manipulateIcmpv6(part: Part): boolean {
  const { bytes, l4, end, target } = part;
  if (l4 + ICMP_HEADER > end) return false;
  updatePseudoHeader(part, l4 + 2);
  const type = u8(bytes, l4);
  if (type !== ICMPV6.ECHO_REQUEST && type !== ICMPV6.ECHO_REPLY) return true;
  replaceWords(bytes, l4 + 2, [u16(bytes, l4 + 4)], [target.sourcePort]);
  setU16(bytes, l4 + 4, target.sourcePort);
  return true;
}

/** PPTP's call id names the receiver's end only; a GRE packet of version 0 has nothing to rewrite. */
function manipulateGre({ bytes, l4, end, target, manip }: Part): boolean {
  if (l4 + PPTP_HEADER > end) return false;
  if (manip !== "destination") return true;
  const version = u8(bytes, l4 + 1) & 0x07;
  if (version === 1) setU16(bytes, l4 + 6, target.destinationPort);
  return version <= 1;
}

const portPlace = ({ l4, manip }: Part): number => l4 + (manip === "source" ? 0 : 2);
const newPort = ({ target, manip }: Part): number => (manip === "source" ? target.sourcePort : target.destinationPort);

/** A checksum at `place` after the address of the pseudo header changes (nf_nat_proto.c, nf_csum_update). */
function updatePseudoHeader({ bytes, at, target, manip }: Part, place: number): void {
  const address = manip === "source" ? target.source : target.destination;
  if (target.family === 4) {
    replaceWords(bytes, place, [u32(bytes, at + (manip === "source" ? 12 : 16))], [Number(address)]);
  } else replaceWords(bytes, place, words128(u128(bytes, at + (manip === "source" ? 8 : 24))), words128(BigInt(address)));
}

function words128(value: bigint): number[] {
  return [96n, 64n, 32n, 0n].map(shift => Number((value >> shift) & 0xffffffffn));
}

/**
 * The checksum at `place` after 32-bit words under it changed. The kernel sums in 32 bits that are never all zero, so that the
 * result is never 0xffff, unlike RFC 1624's (net/checksum.h, csum_replace4; net/core/utils.c, inet_proto_csum_replace16).
 */
export function replaceWords(bytes: Uint8Array, place: number, from: readonly number[], to: readonly number[]): void {
  let sum = ~u16(bytes, place) & 0xffff;
  for (const word of from) sum += (~(word >>> 16) & 0xffff) + (~word & 0xffff);
  for (const word of to) sum += (word >>> 16) + (word & 0xffff);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  setU16(bytes, place, sum === 0 ? 0 : ~sum);
}
