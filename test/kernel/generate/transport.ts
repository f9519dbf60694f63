/** Transport headers with right checksums, as bytes that ipPacket takes. */
import { be16, be32, plainChecksum, transportChecksum, type IpFields } from "./bytes.ts";

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMP6 = 58;
export const SCTP = 132;
export const UDPLITE = 136;

/** TCP flag bits. */
export const FLAGS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

/** A TCP segment; options are padded to whole words. */
export interface Segment {
  readonly sport: number;
  readonly dport: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly window?: number;
  readonly options?: readonly number[];
  readonly data?: readonly number[];
}

/** TCP header, options and data. */
export function tcpBytes(ip: IpFields, segment: Segment): number[] {
  const options = [...(segment.options ?? [])];
  while (options.length % 4 !== 0) options.push(1);
  const words = 5 + options.length / 4;
  const bytes = [
    ...be16(segment.sport),
    ...be16(segment.dport),
    ...be32(segment.seq),
    ...be32(segment.ack),
    words << 4,
    segment.flags,
    ...be16(segment.window ?? 64_240),
    0,
    0,
    0,
    (segment.flags & FLAGS.urg) === 0 ? 0 : 1,
    ...options,
    ...(segment.data ?? []),
  ];
  return withChecksum(bytes, 16, transportChecksum(ip, bytes));
}

/** UDP; a computed checksum of zero goes out as all ones. */
export function udpBytes(ip: IpFields, sport: number, dport: number, data: readonly number[]): number[] {
  const bytes = [...be16(sport), ...be16(dport), ...be16(8 + data.length), 0, 0, ...data];
  return withChecksum(bytes, 6, transportChecksum(ip, bytes) || 0xffff);
}

/** UDP-Lite that covers the first `coverage` bytes, 0 for all. */
export function udpliteBytes(ip: IpFields, sport: number, dport: number, data: readonly number[], coverage: number): number[] {
  const bytes = [...be16(sport), ...be16(dport), ...be16(coverage), 0, 0, ...data];
  return withChecksum(bytes, 6, transportChecksum(ip, bytes, coverage === 0 ? bytes.length : coverage) || 0xffff);
}

/** ICMP or ICMPv6: type, code, four bytes and the rest. */
export function icmpBytes(ip: IpFields, type: number, code: number, word: readonly number[], data: readonly number[]): number[] {
  const bytes = [type, code, 0, 0, ...word, ...data];
  return withChecksum(bytes, 2, ip.family === 4 ? plainChecksum(bytes) : transportChecksum(ip, bytes));
}

/** SCTP with chunks, each padded to whole words; the checksum is CRC-32C. */
export function sctpBytes(
  sport: number,
  dport: number,
  tag: number,
  chunks: readonly { readonly type: number; readonly flags: number; readonly data: readonly number[] }[],
): number[] {
  const body = chunks.flatMap(chunk => {
    const bytes = [chunk.type, chunk.flags, ...be16(4 + chunk.data.length), ...chunk.data];
    while (bytes.length % 4 !== 0) bytes.push(0);
    return bytes;
  });
  const bytes = [...be16(sport), ...be16(dport), ...be32(tag), 0, 0, 0, 0, ...body];
  const crc = crc32c(bytes);
  bytes.splice(8, 4, crc & 255, (crc >>> 8) & 255, (crc >>> 16) & 255, crc >>> 24);
  return bytes;
}

function withChecksum(bytes: number[], at: number, checksum: number): number[] {
  bytes.splice(at, 2, ...be16(checksum));
  return bytes;
}

function crc32c(bytes: readonly number[]): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0x82f6_3b78);
  }
  return ~crc >>> 0;
}
