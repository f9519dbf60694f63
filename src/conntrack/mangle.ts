import {
  internetChecksum,
  PROTOCOL,
  pseudoHeaderSum4,
  pseudoHeaderSum6,
  setHeaderChecksum,
  setU16,
  u16,
  u32,
  u8,
} from "../packet/index.ts";
import type { Sight } from "./helper.ts";
import { shiftSequence } from "./sequence.ts";

/** Largest packet that a rewritten one may become. */
const MOST_BYTES = 65535;

/** Offset of a segment's payload. */
export const tcpPayload = (bytes: Uint8Array, l4: number): number => l4 + (u8(bytes, l4 + 12) >> 4) * 4;

/**
 * Replaces `length` bytes of a segment's payload at `offset`; what follows in the flow is then shifted, unless `adjust` is false.
 * False when the packet would become too long (nf_nat_helper.c, __nf_nat_mangle_tcp_packet).
 */
export function mangleTcp(sight: Sight, offset: number, length: number, text: Uint8Array, adjust = true): boolean {
  const { carrier, l4, connection, direction } = sight;
  if (!replace(sight, tcpPayload(carrier.bytes, l4) + offset, length, text)) return false;
  sight.remade = "tcp";
  if (adjust) shiftSequence(connection, direction, u32(carrier.bytes, l4 + 4), text.length - length);
  return true;
}

/** The same for a datagram: its length is put right, and its checksum if it has one (nf_nat_mangle_udp_packet). */
export function mangleUdp(sight: Sight, offset: number, length: number, text: Uint8Array): boolean {
  const { carrier, l4 } = sight;
  if (!replace(sight, l4 + 8 + offset, length, text)) return false;
  setU16(carrier.bytes, l4 + 4, carrier.layout.totalLength - l4);
  sight.remade = "udp";
  return true;
}

function replace(sight: Sight, at: number, length: number, text: Uint8Array): boolean {
  const { carrier } = sight;
  const { layout, family } = carrier;
  const { totalLength } = layout;
  const total = totalLength + text.length - length;
  if (at + length > totalLength || total > MOST_BYTES) return false;
  const made = room(carrier.bytes, total, sight.remade !== undefined);
  if (made.buffer === carrier.bytes.buffer) new Uint8Array(made.buffer).copyWithin(at + text.length, at + length, totalLength);
  else {
    made.set(carrier.bytes.subarray(0, at));
    made.set(carrier.bytes.subarray(at + length, totalLength), at + text.length);
  }
  made.set(text, at);
  if (family === 4) {
    setU16(made, 2, total);
    setHeaderChecksum(made, (u8(made, 0) & 0x0f) * 4);
  } else setU16(made, 4, total - IPV6_FIXED);
  carrier.bytes = made;
  carrier.layout = { ...layout, totalLength: total, badHeaderChecksum: false };
  return true;
}

/** Bytes that a packet may grow by before it is copied once more. */
const SPARE = 1024;

/** Room for a packet: the memory that it is in, if that was made here and is large enough, so that many small changes stay cheap. */
function room(bytes: Uint8Array, length: number, own: boolean): Uint8Array {
  const { buffer } = bytes;
  return own && length <= buffer.byteLength ? new Uint8Array(buffer, 0, length) : new Uint8Array(length + SPARE).subarray(0, length);
}

const IPV6_FIXED = 40;

/** Computes the transport checksum of a rewritten packet: over all that follows the header, never 0 (skb_checksum_help). */
export function completeChecksum({ carrier, l4, remade }: Sight): void {
  if (remade === undefined) return;
  const { bytes, layout, family } = carrier;
  const place = l4 + (remade === "tcp" ? 16 : 6);
  if (remade === "udp" && u16(bytes, place) === 0) return;
  const { totalLength } = layout;
  const protocol = remade === "tcp" ? PROTOCOL.TCP : PROTOCOL.UDP;
  const pseudo = (family === 4 ? pseudoHeaderSum4 : pseudoHeaderSum6)(bytes, protocol, totalLength - l4);
  setU16(bytes, place, 0);
  setU16(bytes, place, internetChecksum(bytes, l4, totalLength, pseudo) || 0xffff);
}
