/** Checksums that the kernel left to hardware: packets that never reach any (over lo, quoted in errors) keep the pseudo header's sum. */
import { addressBytes, be16, plainChecksum, transportChecksum, type IpFields } from "./generate/bytes.ts";
import { addressesOf, transportOf } from "./generate/world.ts";

const TCP = 6;
const ERRORS: Readonly<Record<number, readonly number[]>> = { 1: [3, 4, 5, 11, 12], 58: [1, 2, 3, 4] };

/** The packet with a finished TCP checksum, its own and that of the packet that it quotes (CHECKSUM_PARTIAL in skbuff.h). */
export function completed(packet: Uint8Array): Uint8Array {
  if (packet.length < ((packet[0] ?? 0) >> 4 === 6 ? 40 : 20)) return packet;
  const { protocol, at } = transportOf(packet);
  if (protocol === TCP) return completedTcp(packet, at, packet.length - at);
  if (!(ERRORS[protocol]?.includes(packet[at] ?? -1) ?? false)) return packet;
  const quoted = packet.subarray(at + 8);
  if (quoted.length < 40 || transportOf(quoted).protocol !== TCP) return packet;
  const inner = completedTcp(quoted, transportOf(quoted).at, declaredLength(quoted) - transportOf(quoted).at);
  if (inner === quoted) return packet;
  const whole = packet.slice();
  whole.set(inner, at + 8);
  whole.set([0, 0], at + 2);
  const body = [...whole.subarray(at)];
  whole.set(be16(protocol === 1 ? plainChecksum(body) : transportChecksum(fieldsOf(packet, protocol), body)), at + 2);
  return whole;
}

function completedTcp(packet: Uint8Array, at: number, length: number): Uint8Array {
  if (packet.length < at + 20 || packet.length - at !== length) return packet;
  const fields = fieldsOf(packet, TCP);
  if ((((packet[at + 16] ?? 0) << 8) | (packet[at + 17] ?? 0)) !== pseudoSum(fields, length)) return packet;
  const whole = packet.slice();
  whole.set([0, 0], at + 16);
  whole.set(be16(transportChecksum(fields, [...whole.subarray(at)])), at + 16);
  return whole;
}

const declaredLength = (packet: Uint8Array): number =>
  (packet[0] ?? 0) >> 4 === 6 ? 40 + (((packet[4] ?? 0) << 8) | (packet[5] ?? 0)) : ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);

function fieldsOf(packet: Uint8Array, protocol: number): IpFields {
  const [source, destination] = addressesOf(packet);
  return { family: (packet[0] ?? 0) >> 4 === 6 ? 6 : 4, source, destination, protocol };
}

/** Sum of the pseudo header, not inverted. */
function pseudoSum(fields: IpFields, length: number): number {
  const bytes = [...addressBytes(fields.source), ...addressBytes(fields.destination), ...be16(length), 0, fields.protocol];
  return ~plainChecksum(bytes) & 0xffff;
}
