import { concat, setHeaderChecksum, setU16, setU32, u8 } from "../packet/index.ts";
import type { Packet } from "./packet.ts";

const FRAGMENT = 44;
const FRAGMENT_HEADER = 8;
const IPV6_MINIMUM_MTU = 1280;

/** Kernel: ip_output.c, __ip_finish_output; ip6_output.c, __ip6_finish_output: what was put together is cut again. */
export function mustCut(packet: Packet, mtu: number): boolean {
  const { length } = packet.bytes;
  if (length > mtu) return true;
  return packet.fragMaxSize !== 0 && (packet.family === 4 || length > packet.fragMaxSize);
}

/**
 * Cuts a packet that is too large for the link, or that was put together from fragments, which leave as they came where they can.
 * Kernel: ip_output.c, ip_do_fragment; ip6_output.c, ip6_fragment. `identification` is the id of new IPv6 fragments.
 */
export function cutPacket(packet: Packet, mtu: number, identification: number): Uint8Array[] {
  const { bytes, layout, pieces, fragMaxSize } = packet;
  const limit =
    fragMaxSize === 0 ? mtu : packet.family === 4 ? Math.min(fragMaxSize, mtu) : Math.max(Math.min(fragMaxSize, mtu), IPV6_MINIMUM_MTU);
  const head = packet.family === 4 ? layout.headerLength : unfragmentable(packet).end;
  const room = limit - head - (packet.family === 4 ? 0 : FRAGMENT_HEADER);
  // Headers that leave no room for data go out whole; no link of this model is so small.
  if (room < 8) return [bytes];
  const length = bytes.length - head;
  const asItCame = pieces !== undefined && fits(pieces, length, room);
  const cut = asItCame ? pieces : evenPieces(length, room);
  return packet.family === 4 ? cutLike4(packet, cut, !asItCame && keepsDf(packet)) : cutLike6(packet, cut, identification);
}

/** TEE's own DF does not count. Kernel: ip_output.c, ip_frag_init. */
const keepsDf = ({ clone, fragDontFragment, layout }: Packet): boolean => (clone ? fragDontFragment : layout.dontFragment);

/** As many bytes as fit, in multiples of 8, and a last piece that may be any length that fits. Kernel: ip_frag_next, ip6_frag_next. */
function evenPieces(length: number, room: number): number[] {
  const pieces: number[] = [];
  for (let left = length; left > 0;) {
    const piece = left <= room ? left : room & ~7;
    pieces.push(piece);
    left -= piece;
  }
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

/** Pieces that leave as they came lose DF; others keep it where the largest fragment had it. */
function cutLike4({ bytes, layout }: Packet, pieces: readonly number[], dontFragment: boolean): Uint8Array[] {
  const { headerLength } = layout;
  let at = headerLength;
  return pieces.map((piece, index) => {
    const part = concat(bytes.subarray(0, headerLength), bytes.subarray(at, at + piece));
    setU16(part, 2, part.length);
    setU16(part, 6, (dontFragment ? 0x4000 : 0) | (index < pieces.length - 1 ? 0x2000 : 0) | ((at - headerLength) >> 3));
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
