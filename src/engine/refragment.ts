import { concat, fragmentPacket, setHeaderChecksum, setU16, setU32, u8 } from "../packet/index.ts";
import type { Packet } from "./packet.ts";

const FRAGMENT = 44;
const IPV6_MINIMUM_MTU = 1280;

/**
 * Cuts a packet that is too large for the link, or that was put together from fragments, which leave as they came where they can.
 * Kernel: ip_output.c, ip_do_fragment; ip6_output.c, ip6_fragment. `identification` is the id of new IPv6 fragments.
 */
export function cutPacket(packet: Packet, mtu: number, identification: number): Uint8Array[] {
  const { bytes, layout, pieces, fragMaxSize } = packet;
  if (packet.family === 4) {
    const limit = fragMaxSize !== 0 && fragMaxSize < mtu ? fragMaxSize : mtu;
    const head = layout.headerLength;
    return pieces !== undefined && fits(pieces, bytes.length - head, limit - head) ? cutLike4(packet, pieces) : fragmentPacket(bytes, limit);
  }
  const limit = fragMaxSize === 0 ? mtu : Math.max(Math.min(fragMaxSize, mtu), IPV6_MINIMUM_MTU);
  const { end } = unfragmentable(packet);
  const length = bytes.length - end;
  const room = limit - end - 8;
  // Headers that leave no room for data go out whole; no link of this model is so small.
  if (room < 8) return [bytes];
  return cutLike6(packet, pieces !== undefined && fits(pieces, length, room) ? pieces : evenPieces(length, room & ~7), identification);
}

/** Pieces of `room` bytes and a rest; IPv6 gives even a single piece a fragment header. */
function evenPieces(length: number, room: number): number[] {
  const pieces: number[] = [];
  for (let left = length; left > 0; left -= room) pieces.push(Math.min(left, room));
  return pieces;
}

/** Can the old pieces carry the packet as it is now? A rewrite may have changed its length. */
function fits(pieces: readonly number[], length: number, room: number): boolean {
  let sum = 0;
  for (const [index, piece] of pieces.entries()) {
    if (piece > room || (piece % 8 !== 0 && index < pieces.length - 1)) return false;
    sum += piece;
  }
  return sum === length;
}

function cutLike4({ bytes, layout }: Packet, pieces: readonly number[]): Uint8Array[] {
  const { headerLength } = layout;
  let at = headerLength;
  return pieces.map((piece, index) => {
    const part = concat(bytes.subarray(0, headerLength), bytes.subarray(at, at + piece));
    setU16(part, 2, part.length);
    // Pieces that leave as they came lose DF.
    setU16(part, 6, (index < pieces.length - 1 ? 0x2000 : 0) | ((at - headerLength) >> 3));
    if (index > 0) blankOptions(part, headerLength);
    setHeaderChecksum(part, headerLength);
    at += piece;
    return part;
  });
}

/** Later fragments carry only the options whose copied bit is set. Kernel: ip_options.c, ip_options_fragment. */
function blankOptions(part: Uint8Array, headerLength: number): void {
  for (let at = 20; at < headerLength;) {
    const kind = u8(part, at);
    if (kind === 0) return;
    const length = kind === 1 ? 1 : u8(part, at + 1);
    if (length < 1 || at + length > headerLength || (kind !== 1 && length < 2)) return;
    if ((kind & 0x80) === 0) part.fill(1, at, at + length);
    at += length;
  }
}

function cutLike6(packet: Packet, pieces: readonly number[], identification: number): Uint8Array[] {
  const { bytes } = packet;
  const { end, nextAt } = unfragmentable(packet);
  const head = bytes.slice(0, end);
  const next = u8(head, nextAt);
  head[nextAt] = FRAGMENT;
  let at = end;
  return pieces.map((piece, index) => {
    const header = new Uint8Array(8);
    header[0] = next;
    setU16(header, 2, (at - end) | (index < pieces.length - 1 ? 1 : 0));
    setU32(header, 4, identification);
    const part = concat(head, header, bytes.subarray(at, at + piece));
    setU16(part, 4, part.length - 40);
    at += piece;
    return part;
  });
}

/** What every IPv6 fragment repeats. Kernel: ip6_find_1stfragopt. */
function unfragmentable({ layout }: Packet): { readonly end: number; readonly nextAt: number } {
  let end = 40;
  let nextAt = 6;
  let routed = false;
  for (const { protocol, offset, length } of layout.extensions) {
    if (protocol === 43) routed = true;
    else if (protocol !== 0 && (protocol !== 60 || routed)) break;
    end = offset + length;
    nextAt = offset;
  }
  return { end, nextAt };
}
