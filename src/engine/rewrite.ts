import { Ipv4, Ipv6, setHeaderChecksum, setU16, TCP_HEADER, u16, u8, updateChecksum16, updateChecksum32 } from "../packet/index.ts";
import type { Action, Field, SetField } from "../predicate/index.ts";
import type { Packet } from "./packet.ts";

/** A number without bits above 32. */
const u32bits = (value: number): number => value >>> 0;

/** The value that a set action gives its field; undefined where there is nothing to set, such as the mark of no connection. */
export function wantedValue(packet: Packet, action: SetField): number | undefined {
  const now = action.field === "tcpflags" ? flagByte(packet) : packet.value(action.field);
  if (typeof now !== "number") return undefined;
  const { value } = action;
  const kept = u32bits(now & ~action.clear);
  if (typeof value === "number") return u32bits(kept ^ value);
  if ("of" in value) {
    const computed = value.of(packet);
    return computed === undefined ? undefined : u32bits(kept ^ computed);
  }
  const source = packet.value(value.field);
  if (typeof source !== "number") return undefined;
  const masked = u32bits(source & value.mask);
  // The kernel shifts a 32-bit number, and what leaves it is gone.
  const shifted = value.shift < 0 ? masked >>> -value.shift : u32bits(masked << value.shift);
  return u32bits(kept ^ shifted ^ (value.flip ?? 0));
}

/** Gives a field a value. Only what targets can set is known; false means that the field cannot be set. */
export function setField(packet: Packet, field: Field, value: number): boolean {
  switch (field) {
    case "mark":
      packet.mark = value;
      return true;
    case "ctmark":
      if (packet.connection !== undefined) packet.connection.mark = value;
      return packet.connection !== undefined;
    case "priority":
      packet.priority = value;
      return true;
    case "ttl":
      setHops(packet, value);
      return true;
    case "tos":
      setTos(packet, value);
      return true;
    case "tcpflags":
      setTcpFlags(packet, value);
      return true;
    default:
      return false;
  }
}

function setHops(packet: Packet, value: number): void {
  if (packet.family === 4) {
    const header = Ipv4.at(packet.bytes);
    if (header) header.ttl = value;
  } else {
    const header = Ipv6.at(packet.bytes);
    if (header) header.hopLimit = value;
    packet.sumStale ||= packet.connection !== undefined;
  }
}

function setTos(packet: Packet, value: number): void {
  if (packet.family === 4) {
    const header = Ipv4.at(packet.bytes);
    if (header) header.tos = value;
  } else {
    const header = Ipv6.at(packet.bytes);
    if (header) header.trafficClass = value;
    packet.sumStale ||= packet.connection !== undefined;
  }
}

/** Where ECN looks for the flags: it takes a later fragment for a whole packet, and writes into its payload. Kernel: ipt_ECN.c, set_ect_tcp. */
export function flagByte({ bytes, layout }: Packet): number | undefined {
  return layout.protocol === TCP && layout.l4 + TCP_HEADER <= layout.totalLength ? u8(bytes, layout.l4 + 13) : undefined;
}

const TCP = 6;

/** The kernel corrects the checksum by the word that the flags stand in. Kernel: ipt_ECN.c, set_ect_tcp. */
function setTcpFlags(packet: Packet, value: number): void {
  const { bytes, layout } = packet;
  packet.pull(TCP_HEADER);
  const at = layout.l4 + 12;
  const before = u16(bytes, at);
  bytes[at + 1] = value;
  setU16(bytes, layout.l4 + 16, updateChecksum16(u16(bytes, layout.l4 + 16), before, u16(bytes, at)));
}

/** One hop less. Kernel: ip.h, ip_decrease_ttl. */
export function decreaseHops(packet: Packet): void {
  setHops(packet, (packet.bytes[packet.family === 4 ? 8 : 7] as number) - 1);
}

/**
 * The MSS option of a SYN: lowered to `wanted`, or added where the SYN carries nothing else. False means that the packet is dropped,
 * because its TCP header cannot be. Kernel: xt_TCPMSS.c, tcpmss_mangle_packet.
 */
export function setMaximumSegment(packet: Packet, wanted: number): boolean {
  const { layout } = packet;
  if (layout.fragmentOffset !== 0) return true;
  const at = layout.l4;
  const length = packet.bytes.length - at;
  if (length < 20) return false;
  const header = (u8(packet.bytes, at + 12) >> 4) * 4;
  if (length < header || header < 20) return false;
  const place = findMss(packet.bytes, at, header);
  if (place !== undefined) {
    lower(packet.bytes, at, place, wanted);
    return true;
  }
  if (length > header || header >= 60) return true;
  return insertMss(packet, at, header, Math.min(wanted, packet.family === 4 ? 536 : 1220));
}

/** Offset of the MSS option, by the kernel's walk: kinds 0 and 1 and lengths of 0 count as one byte. */
function findMss(bytes: Uint8Array, at: number, header: number): number | undefined {
  for (let i = 20; i <= header - 4;) {
    const kind = u8(bytes, at + i);
    const size = u8(bytes, at + i + 1);
    if (kind === 2 && size === 4) return at + i;
    i += kind <= 1 || size === 0 ? 1 : size;
  }
  return undefined;
}

function lower(bytes: Uint8Array, at: number, place: number, wanted: number): void {
  const old = u16(bytes, place + 2);
  if (old <= wanted) return;
  setU16(bytes, place + 2, wanted);
  // At an odd offset the number lies across two checksum words, but the kernel adds it as if it did not.
  setU16(bytes, at + 16, updateChecksum16(u16(bytes, at + 16), old, wanted));
}

function insertMss(packet: Packet, at: number, header: number, mss: number): boolean {
  const old = packet.bytes;
  const bytes = new Uint8Array(old.length + 4);
  bytes.set(old.subarray(0, at + 20));
  bytes.set([2, 4, mss >> 8, mss & 0xff], at + 20);
  bytes.set(old.subarray(at + 20), at + 24);
  const before = u16(bytes, at + 12);
  const after = (before & 0x0fff) | ((header / 4 + 1) << 12);
  setU16(bytes, at + 12, after);
  let checksum = updateChecksum16(u16(old, at + 16), header, header + 4);
  checksum = updateChecksum32(checksum, 0, 0x02040000 + mss);
  setU16(bytes, at + 16, updateChecksum16(checksum, before, after));
  if (packet.family === 4) {
    setU16(bytes, 2, u16(bytes, 2) + 4);
    // Sealed before it is read again: a packet over loopback is refused for a wrong sum.
    setHeaderChecksum(bytes, at);
  } else setU16(bytes, 4, u16(bytes, 4) + 4);
  return packet.replace(bytes);
}

/** What an `add` action makes of the hop limit: it stops at 0 and 255. Kernel: xt_HL.c, ttl_tg. */
export function addedHops(packet: Packet, action: Extract<Action, { do: "add" }>): number {
  return Math.min(255, Math.max(0, (packet.bytes[packet.family === 4 ? 8 : 7] as number) + action.delta));
}
