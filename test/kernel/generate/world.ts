/** Where packets come from and go to in a generated sequence, and how a talker learns what its peer saw. */
import type { Outcome, Step } from "../referee.ts";
import { addressBytes, addressText, be16, fixHeaderChecksum } from "./bytes.ts";
import { BRIDGED, LOCAL, ON_BRIDGE, REMOTE, UIDS } from "./pools.ts";
import type { Random } from "./random.ts";

/** A place at which a packet starts: an interface, or a process of this machine. */
export type Seat = string;
export const LOCALLY: Seat = "local";

/** How one side of a conversation addresses its packets. Ports are ids for ICMP. */
export interface Side {
  readonly seat: Seat;
  readonly source: string;
  readonly destination: string;
  readonly sport: number;
  readonly dport: number;
}

/** The interface that leads to an address, or LOCALLY. */
export function seatOf(family: 4 | 6, address: string): Seat {
  if ((LOCAL[family] as readonly string[]).includes(address) || address === ON_BRIDGE[family] || address.startsWith("127.")) return LOCALLY;
  for (const [port, host] of Object.entries(BRIDGED[family])) if (host === address) return port;
  for (const [device, hosts] of Object.entries(REMOTE[family])) if (hosts.includes(address)) return device;
  if (/^(192\.168\.|10\.98\.|10\.99\.1\.|2001:db8:1:|fd00:99:1:)/.test(address)) return "eth1";
  if (/^(172\.(1[6-9]|2\d|3[01])\.|10\.99\.2\.|2001:db8:2:|fd00:99:2:)/.test(address)) return "ppp0";
  return "eth0";
}

/** The step that puts a packet on its seat. */
export function put(random: Random, seat: Seat, bytes: Uint8Array, what: string): Step {
  const note = isBridged(seat, bytes) ? `${what}, bridged` : what;
  if (seat === LOCALLY) {
    const mark = random.oneIn(6) ? random.pick([1, 2, 0x10, 0xff]) : 0;
    return { do: "send", bytes: honest(bytes), note, uid: random.pick(UIDS), gid: random.pick(UIDS), mark };
  }
  if (seat.startsWith("eth") && random.oneIn(120))
    return { do: "inject", device: seat, bytes, note, link: random.pick(["broadcast", "multicast", "otherhost"]) };
  return { do: "inject", device: seat, bytes, note };
}

/** Does the frame go from port to port, not to the machine? */
function isBridged(seat: Seat, bytes: Uint8Array): boolean {
  const family = (bytes[0] ?? 0) >> 4 === 6 ? 6 : 4;
  if (!(seat in BRIDGED[family]) || bytes.length < (family === 6 ? 40 : 20)) return false;
  const [, destination] = addressesOf(bytes);
  return Object.values(BRIDGED[family]).some(host => addressText(Uint8Array.from(addressBytes(host))) === destination);
}

/** Raw sockets refuse what no link takes whole (EMSGSIZE); other programs' packets would be cut into fragments. */
const LONGEST_SENT = 1280;

/** A raw socket writes the length and checksum by itself (raw.c, raw_send_hdrinc); what it sends is never wrong in them. */
function honest(bytes: Uint8Array): Uint8Array {
  const packet = bytes.slice(0, LONGEST_SENT);
  if ((packet[0] ?? 0) >> 4 === 6) {
    // Extension headers cut short are nothing that a program sends.
    if (packet.length < 64 && [0, 43, 44, 60].includes(packet[6] ?? -1)) packet[6] = 59;
    if (packet.length >= 40) packet.set(be16(packet.length - 40), 4);
    // A socket sends to nobody by sending to itself.
    if (packet.length >= 40 && packet.subarray(24, 40).every(byte => byte === 0)) packet[39] = 1;
  } else if (packet.length >= 20) {
    const words = (packet[0] ?? 0) & 15;
    if (words < 5 || words * 4 > packet.length) packet[0] = 0x45;
    packet.set(be16(packet.length), 2);
    fixHeaderChecksum(packet);
  }
  return packet;
}

/** Offset and protocol of the transport header of a packet that we made or that came out; without one the protocol is -1. */
export function transportOf(bytes: Uint8Array): { readonly protocol: number; readonly at: number } {
  if ((bytes[0] ?? 0) >> 4 === 4) return { protocol: bytes[9] ?? -1, at: ((bytes[0] ?? 0) & 15) * 4 };
  let protocol = bytes[6] ?? -1;
  let at = 40;
  for (let hops = 0; hops < 8 && [0, 43, 60, 44].includes(protocol); hops++) {
    const next = bytes[at] ?? -1;
    at += protocol === 44 ? 8 : ((bytes[at + 1] ?? 0) + 1) * 8;
    protocol = next;
  }
  return { protocol, at };
}

/** Source and destination address of a packet. */
export function addressesOf(bytes: Uint8Array): readonly [source: string, destination: string] {
  const [at, size] = (bytes[0] ?? 0) >> 4 === 4 ? [12, 4] : [8, 16];
  return [addressText(bytes.subarray(at, at + size)), addressText(bytes.subarray(at + size, at + 2 * size))];
}

/** What became of a packet: where it came out, and its bytes there. */
export interface Arrival {
  readonly seat: Seat;
  readonly bytes: Uint8Array;
}

/** Finds the sent packet among what came out: the first one of its protocol and transport size, which no answer of the kernel's has. */
export function arrivalOf(sent: Uint8Array, outcome: Outcome): Arrival | undefined {
  const { protocol, at } = transportOf(sent);
  const like = (bytes: Uint8Array): boolean => {
    const other = transportOf(bytes);
    return other.protocol === protocol && bytes.length - other.at === sent.length - at && bytes[other.at + 13] === sent[at + 13];
  };
  for (const frame of outcome.emitted) if (like(frame.bytes)) return { seat: frame.device, bytes: frame.bytes };
  for (const frame of outcome.delivered) if (like(frame.bytes)) return { seat: LOCALLY, bytes: frame.bytes };
  return undefined;
}

/** The side that answers a packet that arrived: the reversed tuple, as it stood in the packet. `ports` is false for ICMP, whose id stays. */
export function answererOf(arrival: Arrival, ports: boolean): Side {
  const [source, destination] = addressesOf(arrival.bytes);
  const { at } = transportOf(arrival.bytes);
  const word = (offset: number): number => ((arrival.bytes[at + offset] ?? 0) << 8) | (arrival.bytes[at + offset + 1] ?? 0);
  const [sport, dport] = ports ? [word(2), word(0)] : [word(4), word(4)];
  return { seat: arrival.seat, source: destination, destination: source, sport, dport };
}

/** The side that would answer if nothing were translated. */
export function untranslatedAnswerer(family: 4 | 6, client: Side): Side {
  return {
    seat: seatOf(family, client.destination),
    source: client.destination,
    destination: client.source,
    sport: client.dport,
    dport: client.sport,
  };
}
