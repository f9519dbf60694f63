/**
 * Builds packets. On purpose apart from src/packet: what the referee sends must not depend on what it judges.
 * IPv4 addresses are dotted text, IPv6 addresses any RFC 4291 text without an embedded IPv4 part.
 */

/** The IP header's fields; what is left out is usual. */
export interface IpFields {
  readonly family: 4 | 6;
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly ttl?: number;
  readonly tos?: number;
  readonly id?: number;
  readonly dontFragment?: boolean;
  /** IPv4 options, a multiple of 4 bytes. */
  readonly options?: readonly number[];
  /** IPv6 extension headers before the transport: their own type and their whole bytes; the next-header byte is filled in. */
  readonly extensions?: readonly { readonly type: number; readonly bytes: readonly number[] }[];
}

/** A piece of a bigger packet: offset in bytes. */
export interface Piece {
  readonly offset: number;
  readonly more: boolean;
}

const words = (part: string): string[] => (part === "" ? [] : part.split(":"));

/** The bytes of an address. */
export function addressBytes(text: string): number[] {
  if (!text.includes(":")) return text.split(".").map(Number);
  const [head = "", tail] = text.split("::");
  const left = words(head);
  const right = tail === undefined ? [] : words(tail);
  const middle = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...middle, ...right].flatMap(word => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]);
}

/** The text of an address's bytes, IPv6 without any shortening but leading zeros. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  return Array.from({ length: 8 }, (_, word) => (((bytes[word * 2] ?? 0) << 8) | (bytes[word * 2 + 1] ?? 0)).toString(16)).join(":");
}

/** Ones' complement sum, folded; not inverted. */
function sum16(bytes: ArrayLike<number>, initial = 0): number {
  let sum = initial;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return sum;
}

const put16 = (bytes: number[] | Uint8Array, at: number, value: number): void => {
  bytes[at] = (value >> 8) & 255;
  bytes[at + 1] = value & 255;
};
export const be16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
export const be32 = (value: number): number[] => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** The transport's checksum over pseudo header and bytes, as it belongs in the packet. */
export function transportChecksum(ip: IpFields, transport: readonly number[], coverage = transport.length): number {
  const pseudo = [...addressBytes(ip.source), ...addressBytes(ip.destination), ...be32(transport.length), 0, 0, 0, ip.protocol];
  return ~sum16(transport.slice(0, coverage), sum16(pseudo)) & 0xffff;
}

/** ICMP's checksum: no pseudo header. */
export const plainChecksum = (bytes: readonly number[]): number => ~sum16(bytes) & 0xffff;

/** Writes an IPv4 header's checksum. */
export function fixHeaderChecksum(packet: Uint8Array): void {
  const length = ((packet[0] ?? 0) & 15) * 4;
  put16(packet, 10, 0);
  put16(packet, 10, ~sum16(packet.subarray(0, length)) & 0xffff);
}

/** A whole packet, or one fragment of it, around transport bytes. */
export function ipPacket(ip: IpFields, transport: readonly number[], piece?: Piece): Uint8Array {
  return ip.family === 4 ? packet4(ip, transport, piece) : packet6(ip, transport, piece);
}

function packet4(ip: IpFields, transport: readonly number[], piece?: Piece): Uint8Array {
  const options = ip.options ?? [];
  const headerLength = 20 + options.length;
  const packet = new Uint8Array(headerLength + transport.length);
  packet[0] = 0x40 | (headerLength / 4);
  packet[1] = ip.tos ?? 0;
  put16(packet, 2, packet.length);
  put16(packet, 4, ip.id ?? 0x1234);
  put16(packet, 6, (ip.dontFragment === true ? 0x4000 : 0) | (piece?.more === true ? 0x2000 : 0) | ((piece?.offset ?? 0) >> 3));
  packet[8] = ip.ttl ?? 64;
  packet[9] = ip.protocol;
  packet.set(addressBytes(ip.source), 12);
  packet.set(addressBytes(ip.destination), 16);
  packet.set(options, 20);
  packet.set(transport, headerLength);
  fixHeaderChecksum(packet);
  return packet;
}

function packet6(ip: IpFields, transport: readonly number[], piece?: Piece): Uint8Array {
  const extensions = (ip.extensions ?? []).map(one => ({ type: one.type, bytes: [...one.bytes] }));
  if (piece !== undefined)
    extensions.push({ type: 44, bytes: [0, 0, ...be16(piece.offset | (piece.more ? 1 : 0)), ...be32(ip.id ?? 0x1234)] });
  for (const [index, one] of extensions.entries()) one.bytes[0] = extensions[index + 1]?.type ?? ip.protocol;
  const body = [...extensions.flatMap(one => one.bytes), ...transport];
  const packet = new Uint8Array(40 + body.length);
  const tos = ip.tos ?? 0;
  packet.set([0x60 | (tos >> 4), (tos & 15) << 4, 0, 0, ...be16(body.length), extensions[0]?.type ?? ip.protocol, ip.ttl ?? 64]);
  packet.set(addressBytes(ip.source), 8);
  packet.set(addressBytes(ip.destination), 24);
  packet.set(body, 40);
  return packet;
}
