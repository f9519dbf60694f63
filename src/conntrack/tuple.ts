import { dissect, IPV4_HEADER, IPV6_HEADER, isFault, PROTOCOL, u128, u16, u32, u8 } from "../packet/index.ts";

/** An IP address: number for IPv4, bigint for IPv6. */
export type Address = number | bigint;

/**
 * What names one direction of a connection (struct nf_conntrack_tuple). Ports are what the kernel keeps in `u.all`: TCP, UDP,
 * UDPLite and SCTP ports; for ICMP the source is the id and the destination is type × 256 + code; for GRE version 1 the keys;
 * 0 for all other protocols.
 */
export interface Tuple {
  readonly family: 4 | 6;
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** The tuple of a packet whose transport header is at `l4`; undefined where the header is cut (nf_conntrack_core.c, nf_ct_get_tuple). */
export function packetTuple(bytes: Uint8Array, family: 4 | 6, start: number, protocol: number, l4: number, end: number): Tuple | undefined {
  const ports = readPorts(bytes, family, protocol, l4, end);
  if (ports === undefined) return undefined;
  const [sourcePort, destinationPort] = ports;
  return family === 4
    ? { family, protocol, source: u32(bytes, start + 12), destination: u32(bytes, start + 16), sourcePort, destinationPort }
    : { family, protocol, source: u128(bytes, start + 8), destination: u128(bytes, start + 24), sourcePort, destinationPort };
}

const NO_PORTS: readonly [number, number] = [0, 0];

function readPorts(bytes: Uint8Array, family: 4 | 6, protocol: number, l4: number, end: number): readonly [number, number] | undefined {
  switch (protocol) {
    case PROTOCOL.TCP:
    case PROTOCOL.UDP:
    case PROTOCOL.UDPLITE:
    case PROTOCOL.SCTP:
      return l4 + 4 <= end ? [u16(bytes, l4), u16(bytes, l4 + 2)] : undefined;
    case PROTOCOL.ICMP:
      return family === 4 ? icmpPorts(bytes, l4, end) : NO_PORTS;
    case PROTOCOL.ICMPV6:
      return family === 6 ? icmpPorts(bytes, l4, end) : NO_PORTS;
    case PROTOCOL.GRE:
      return grePorts(bytes, l4, end);
    default:
      return NO_PORTS;
  }
}

const icmpPorts = (bytes: Uint8Array, l4: number, end: number): readonly [number, number] | undefined =>
  l4 + 8 <= end ? [u16(bytes, l4 + 4), u8(bytes, l4) * 256 + u8(bytes, l4 + 1)] : undefined;

/** Version 1 carries PPP and a call id; the key of the other direction is known only from a PPTP helper (gre_pkt_to_tuple). */
function grePorts(bytes: Uint8Array, l4: number, end: number): readonly [number, number] | undefined {
  if (l4 + 4 > end || (u8(bytes, l4 + 1) & 7) !== 1) return NO_PORTS;
  if (l4 + 8 > end) return NO_PORTS;
  return u16(bytes, l4 + 2) === 0x880b ? [0, u16(bytes, l4 + 6)] : undefined;
}

/** ICMP questions and their answers by type; other types open no connection (nf_conntrack_proto_icmp.c, invmap). */
const ANSWERS: Readonly<Record<4 | 6, Readonly<Record<number, number>>>> = {
  4: { 8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17 },
  6: { 128: 129, 129: 128, 139: 140, 140: 139 },
};

/** The tuple of the other direction; undefined for ICMP messages that have none (nf_ct_invert_tuple). */
export function invertTuple(tuple: Tuple): Tuple | undefined {
  const { family, protocol, source, destination, sourcePort, destinationPort } = tuple;
  if (isIcmpOf(tuple)) {
    const answer = ANSWERS[family][destinationPort >> 8];
    if (answer === undefined) return undefined;
    return {
      family,
      protocol,
      source: destination,
      destination: source,
      sourcePort,
      destinationPort: answer * 256 + (destinationPort & 0xff),
    };
  }
  return { family, protocol, source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort };
}

/** Is it ICMP of its own family, whose "ports" are id, type and code? */
export const isIcmpOf = ({ family, protocol }: Pick<Tuple, "family" | "protocol">): boolean =>
  family === 4 ? protocol === PROTOCOL.ICMP : protocol === PROTOCOL.ICMPV6;

/** The tuple of the packet that an ICMP error quotes, from `start`; undefined where it is cut or a later fragment (nf_ct_get_tuplepr). */
export function quotedTuple(bytes: Uint8Array, family: 4 | 6, start: number, end: number): (Tuple & { readonly l4: number }) | undefined {
  const place = family === 4 ? quotedIpv4(bytes, start, end) : quotedIpv6(bytes, start, end);
  if (place === undefined) return undefined;
  const tuple = packetTuple(bytes, family, start, place.protocol, place.l4, end);
  return tuple && { ...tuple, l4: place.l4 };
}

function quotedIpv4(bytes: Uint8Array, start: number, end: number): { protocol: number; l4: number } | undefined {
  if (start + IPV4_HEADER > end || u16(bytes, start + 6) & 0x1fff) return undefined;
  const l4 = start + (u8(bytes, start) & 0x0f) * 4;
  return l4 > end ? undefined : { protocol: u8(bytes, start + 9), l4 };
}

function quotedIpv6(bytes: Uint8Array, start: number, end: number): { protocol: number; l4: number } | undefined {
  if (start + IPV6_HEADER > end) return undefined;
  // The quoted packet is cut: pretend that it ends where the quotation does.
  const quoted = bytes.slice(start, end);
  quoted[0] = (6 << 4) | ((quoted[0] ?? 0) & 0x0f);
  quoted[4] = (quoted.length - IPV6_HEADER) >> 8;
  quoted[5] = (quoted.length - IPV6_HEADER) & 0xff;
  const layout = dissect(quoted);
  if (isFault(layout) || layout.fragmentOffset !== 0 || layout.protocol < 0 || layout.protocol === NO_NEXT_HEADER) return undefined;
  return { protocol: layout.protocol, l4: start + layout.l4 };
}

/** IPv6 "no next header". */
export const NO_NEXT_HEADER = 59;

/** A tuple, a zone and a direction as one string, for hashing: 16 bits a character. */
export function tupleKey(tuple: Tuple, zone: number, direction: 0 | 1): string {
  const { protocol, sourcePort, destinationPort } = tuple;
  const lead = (protocol << 1) | direction;
  if (tuple.family === 4) {
    const source = Number(tuple.source);
    const destination = Number(tuple.destination);
    return String.fromCharCode(
      lead,
      zone,
      sourcePort,
      destinationPort,
      source >>> 16,
      source & 0xffff,
      destination >>> 16,
      destination & 0xffff,
    );
  }
  return String.fromCharCode(lead, zone, sourcePort, destinationPort, ...words(BigInt(tuple.source)), ...words(BigInt(tuple.destination)));
}

function words(address: bigint): number[] {
  const high = BigInt.asUintN(64, address >> 64n);
  const low = BigInt.asUintN(64, address);
  return [
    high >> 48n,
    (high >> 32n) & 0xffffn,
    (high >> 16n) & 0xffffn,
    high & 0xffffn,
    low >> 48n,
    (low >> 32n) & 0xffffn,
    (low >> 16n) & 0xffffn,
    low & 0xffffn,
  ].map(Number);
}
