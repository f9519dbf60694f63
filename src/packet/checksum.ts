import { setU16, setU32, u16, u32, u8 } from "./bytes.ts";
import { crc32c } from "./crc32c.ts";
import { internetSum, internetChecksum, pseudoHeaderSum4, pseudoHeaderSum6 } from "./internet-checksum.ts";
import type { Layout } from "./layout.ts";
import { PROTOCOL } from "./numbers.ts";

/**
 * The right value of the transport checksum field, whatever it holds now: 16 bits, or SCTP's 32-bit CRC as it is stored.
 * Undefined in a fragment, where the header is cut, and in protocols without one. GRE's optional checksum is `Gre`'s own.
 */
export function transportChecksum(bytes: Uint8Array, layout: Layout): number | undefined {
  const { l4, totalLength: end, protocol, family } = layout;
  if (layout.fragmentOffset !== 0 || layout.moreFragments) return undefined;
  const place = checksumPlace(layout);
  if (place === undefined) return undefined;
  if (protocol === PROTOCOL.SCTP) return crc32c(bytes, l4, end, place);
  const covered = coveredEnd(bytes, layout);
  if (covered === undefined) return undefined;
  // UDP's pseudo header counts the datagram, which may end before the packet does.
  const length = (protocol === PROTOCOL.UDP ? covered : end) - l4;
  let sum = 0;
  if (protocol !== PROTOCOL.ICMP) sum = (family === 4 ? pseudoHeaderSum4 : pseudoHeaderSum6)(bytes, protocol, length);
  const checksum = internetChecksum(bytes, place + 2, covered, internetSum(bytes, l4, place, sum));
  return checksum === 0 && (protocol === PROTOCOL.UDP || protocol === PROTOCOL.UDPLITE) ? 0xffff : checksum;
}

/** Whether the transport checksum holds; a UDP checksum of 0 over IPv4 means none and holds. Undefined as in `transportChecksum`. */
export function transportChecksumHolds(bytes: Uint8Array, layout: Layout): boolean | undefined {
  const right = transportChecksum(bytes, layout);
  if (right === undefined) return undefined;
  const place = checksumPlace(layout) as number;
  if (layout.protocol === PROTOCOL.SCTP) return u32(bytes, place) === right;
  const found = u16(bytes, place);
  if (layout.protocol === PROTOCOL.UDP && found === 0) return layout.family === 4;
  // 0 and 0xffff are the same number in one's complement; the kernel's verification cannot tell them apart.
  return found % 0xffff === right % 0xffff;
}

/** Writes the right transport checksum; returns false where there is none to write. */
export function setTransportChecksum(bytes: Uint8Array, layout: Layout): boolean {
  const right = transportChecksum(bytes, layout);
  if (right === undefined) return false;
  const place = checksumPlace(layout) as number;
  if (layout.protocol === PROTOCOL.SCTP) setU32(bytes, place, right);
  else setU16(bytes, place, right);
  return true;
}

/** Offset of the transport checksum field in the packet, undefined where the protocol has none or its fixed header is cut. */
export function checksumPlace(layout: Layout): number | undefined {
  const { l4, totalLength, protocol } = layout;
  const [field, header] = FIELDS.get(protocol) ?? [0, Infinity];
  if (l4 + header > totalLength || layout.fragmentOffset !== 0) return undefined;
  return l4 + field;
}

/** Protocol → offset of its checksum field and length of its fixed header, both in bytes. */
const FIELDS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [PROTOCOL.TCP, [16, 20]],
  [PROTOCOL.UDP, [6, 8]],
  [PROTOCOL.UDPLITE, [6, 8]],
  [PROTOCOL.ICMP, [2, 4]],
  [PROTOCOL.ICMPV6, [2, 4]],
  [PROTOCOL.DCCP, [6, 12]],
  [PROTOCOL.SCTP, [8, 12]],
]);

/** Where the covered bytes end: UDPLite and DCCP may cover less than the packet; undefined when their field is illegal. */
function coveredEnd(bytes: Uint8Array, layout: Layout): number | undefined {
  const { l4, totalLength: end, protocol } = layout;
  if (protocol === PROTOCOL.UDP) {
    const length = u16(bytes, l4 + 4);
    return length >= 8 && l4 + length <= end ? l4 + length : undefined;
  }
  if (protocol === PROTOCOL.UDPLITE) {
    const coverage = u16(bytes, l4 + 4);
    if (coverage === 0) return end;
    return coverage >= 8 && l4 + coverage <= end ? l4 + coverage : undefined;
  }
  if (protocol === PROTOCOL.DCCP) {
    const header = u8(bytes, l4 + 4) * 4;
    const coverage = u8(bytes, l4 + 5) & 0x0f;
    if (header < 12 || l4 + header > end) return undefined;
    if (coverage === 0) return end;
    const covered = l4 + header + (coverage - 1) * 4;
    return covered <= end ? covered : undefined;
  }
  return end;
}
