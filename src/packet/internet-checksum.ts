import { setU16 } from "./bytes.ts";

/** One's complement sum of the 16-bit words in `[start, end)`, folded to 16 bits, not inverted (RFC 1071). An odd last byte counts as if a zero followed. */
export function internetSum(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  let sum = initial;
  let at = start;
  for (; at + 1 < end; at += 2) sum += ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  if (at < end) sum += (bytes[at] as number) << 8;
  // Exact in a double for any packet; two folds of 2^32 and up leave 16 bits.
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return sum;
}

/** The Internet checksum of `[start, end)`: the complement of `internetSum`; `initial` is a pseudo-header sum. */
export function internetChecksum(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  return ~internetSum(bytes, start, end, initial) & 0xffff;
}

/** Sum of the IPv4 pseudo header for the packet at `bytes`: addresses, protocol, transport length in bytes. */
export function pseudoHeaderSum4(bytes: Uint8Array, protocol: number, length: number): number {
  return internetSum(bytes, 12, 20, protocol + length);
}

/** Sum of the IPv6 pseudo header; like nf_ip6_checksum it takes the header's destination, routing header or not. */
export function pseudoHeaderSum6(bytes: Uint8Array, protocol: number, length: number): number {
  return internetSum(bytes, 8, 40, protocol + (length >>> 16) + (length & 0xffff));
}

/** A checksum after one 16-bit word under it changed (RFC 1624, equation 3). */
export function updateChecksum16(checksum: number, from: number, to: number): number {
  let sum = (~checksum & 0xffff) + (~from & 0xffff) + (to & 0xffff);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A checksum after one 32-bit number under it, at an even offset, changed. */
export function updateChecksum32(checksum: number, from: number, to: number): number {
  return updateChecksum16(updateChecksum16(checksum, from >>> 16, to >>> 16), from & 0xffff, to & 0xffff);
}

/** The right IPv4 header checksum for the header at the start of `bytes`. */
export function headerChecksum(bytes: Uint8Array, headerLength: number): number {
  const sum = internetSum(bytes, 12, headerLength, internetSum(bytes, 0, 10));
  return ~sum & 0xffff;
}

/** Writes the right IPv4 header checksum. */
export function setHeaderChecksum(bytes: Uint8Array, headerLength: number): void {
  setU16(bytes, 10, headerChecksum(bytes, headerLength));
}
