/** CRC-32C (Castagnoli) table, reflected polynomial 0x82f63b78. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

function step(crc: number, byte: number): number {
  return (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
}

/**
 * SCTP's checksum of `[start, end)` (RFC 9260, appendix A) as the 32-bit big-endian number that stands in the packet; with
 * `zeroAt` the four bytes there count as zero, as the field itself must.
 */
export function crc32c(bytes: Uint8Array, start: number, end: number, zeroAt = -4): number {
  let crc = 0xffffffff;
  for (let at = start; at < end; at++) crc = step(crc, at >= zeroAt && at < zeroAt + 4 ? 0 : (bytes[at] as number));
  crc = ~crc >>> 0;
  // The CRC is stored least significant byte first.
  return ((crc << 24) | ((crc & 0xff00) << 8) | ((crc >>> 8) & 0xff00) | (crc >>> 24)) >>> 0;
}
