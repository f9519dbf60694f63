import type { Circumstances } from "./circumstances.ts";
import type { ExtensionRepr } from "./ipv6.ts";
import { IPV4_HEADER, IPV6_HEADER, PROTOCOL } from "./numbers.ts";
import { TCP_HEADER } from "./tcp.ts";

/** One end of a packet: number for IPv4, bigint for IPv6; a port where the protocol has ports and the header is there. */
export interface Endpoint {
  readonly address: number | bigint;
  readonly port?: number;
}

/** Connection states that a packet may be said to have. */
export const CT_STATES = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"] as const;
export type CtState = (typeof CT_STATES)[number];

/** Link-layer packet types, in the order of the kernel's PACKET_* numbers. */
export const PACKET_TYPES = ["host", "broadcast", "multicast", "otherhost"] as const;
export type PacketType = (typeof PACKET_TYPES)[number];

/**
 * What the packet notation says of a packet (design.md §5). What is absent was not said; `specToBytes` then takes the
 * default named here. A TCP packet always says its flags and an ICMP packet its type, unless its header is missing.
 */
export interface PacketSpec extends Circumstances {
  /** Meant is the whole session that this packet opens. */
  readonly session: boolean;
  readonly family: 4 | 6;
  /** IPv4 protocol, or the transport's number in IPv6: 0 to 255. */
  readonly protocol: number;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** Bits of TCP_FLAG, 0 to 255. */
  readonly tcpFlags?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
  readonly in?: string;
  readonly out?: string;
  /** Bridge ports. */
  readonly physin?: string;
  readonly physout?: string;
  readonly mark?: number;
  /** TTL or hop limit, 64 by default. */
  readonly ttl?: number;
  readonly tos?: number;
  /** Total IP length in bytes; zeros after `data` fill it. */
  readonly length?: number;
  /** Source hardware address, 48 bits. */
  readonly mac?: number;
  readonly pkttype?: PacketType;
  /** Offset in units of 8 bytes. */
  readonly fragment?: { readonly offset: number; readonly more: boolean };
  readonly df?: true;
  /** IPv4 id or IPv6 fragment id, 0 by default. */
  readonly ipid?: number;
  /** Raw IPv4 options. */
  readonly ipOptions?: Uint8Array;
  /** IPv6 flow label, 0 by default. */
  readonly flowLabel?: number;
  /** IPv6 extension headers in order, before that of `fragment`; the first byte of each is 0 and is filled in. */
  readonly extensions?: readonly ExtensionRepr[];
  readonly ctState?: CtState;
  readonly uid?: number;
  readonly gid?: number;
  /** TCP sequence number (1 by default), or that of an ICMP query (1 by default). */
  readonly seq?: number;
  /** TCP acknowledgment number; 1 by default with ACK, else 0. */
  readonly ack?: number;
  /** TCP window before scaling, 64240 by default. */
  readonly window?: number;
  readonly mss?: number;
  readonly windowScale?: number;
  readonly sackPermitted?: true;
  /** Raw TCP options, instead of the three before. */
  readonly tcpOptions?: Uint8Array;
  /** ICMP: the id of a query (1 by default). */
  readonly id?: number;
  /** ICMP: all four bytes after the checksum, instead of id and seq; 0 by default in a message that is no query. */
  readonly rest?: number;
  /** SCTP chunk types in order, INIT alone by default. */
  readonly chunks?: readonly number[];
  /** SCTP verification tag: 0 by default with INIT, else 1. */
  readonly vtag?: number;
  /** DCCP packet type, REQUEST by default. */
  readonly dccpType?: number;
  /** The transport checksum is wrong. */
  readonly badChecksum?: true;
  /** There is no transport header: `data` is all that follows the IP header. */
  readonly raw?: true;
  /** Payload after the transport header. */
  readonly data?: Uint8Array;
}

/** Whether packets of this protocol have ports. */
export function hasPorts(protocol: number): boolean {
  return (
    protocol === PROTOCOL.TCP ||
    protocol === PROTOCOL.UDP ||
    protocol === PROTOCOL.UDPLITE ||
    protocol === PROTOCOL.SCTP ||
    protocol === PROTOCOL.DCCP
  );
}

/** Whether this is the ICMP of its family. */
export function isIcmp(family: 4 | 6, protocol: number): boolean {
  return protocol === (family === 4 ? PROTOCOL.ICMP : PROTOCOL.ICMPV6);
}

/** Whether the packet starts with a transport header that the notation describes: not so in later fragments and raw packets. */
export function hasTransportHeader(spec: Pick<PacketSpec, "family" | "protocol" | "fragment" | "raw">): boolean {
  if (spec.raw === true || (spec.fragment?.offset ?? 0) !== 0) return false;
  return hasPorts(spec.protocol) || isIcmp(spec.family, spec.protocol);
}

/** Whether an ICMP message carries an id and a sequence number: echo, timestamp, information and address mask; in ICMPv6 echo. */
export function isIcmpQuery(family: 4 | 6, type: number): boolean {
  if (family === 6) return type === 128 || type === 129;
  return type === 0 || type === 8 || (13 <= type && type <= 18);
}

/** The raw TCP options that a spec asks for. */
export function tcpOptionsOf(spec: Pick<PacketSpec, "tcpOptions" | "mss" | "sackPermitted" | "windowScale">): Uint8Array {
  if (spec.tcpOptions !== undefined) return spec.tcpOptions;
  const bytes: number[] = [];
  if (spec.mss !== undefined) bytes.push(2, 4, spec.mss >> 8, spec.mss & 255);
  if (spec.sackPermitted) bytes.push(4, 2, 1, 1);
  if (spec.windowScale !== undefined) bytes.push(1, 3, 3, spec.windowScale);
  return Uint8Array.from(bytes);
}

/** Bytes of an SCTP chunk's value: INIT and INIT ACK carry their fixed fields, DATA its own, the others nothing. */
export function sctpChunkValue(type: number): Uint8Array | undefined {
  if (type === 1 || type === 2) return Uint8Array.of(0, 0, 0, 1, 0, 1, 0, 0, 0, 10, 0, 10, 0, 0, 0, 1);
  return type === 0 ? Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0) : undefined;
}

/** Length in bytes that the packet has before `length` stretches it; the whole IP packet. */
export function builtLength(spec: PacketSpec): number {
  const extensions = (spec.extensions ?? []).reduce((sum, { bytes }) => sum + bytes.length, spec.fragment === undefined ? 0 : 8);
  const ip = spec.family === 4 ? IPV4_HEADER + pad(spec.ipOptions?.length ?? 0) : IPV6_HEADER + extensions;
  const data = spec.data?.length ?? 0;
  if (!hasTransportHeader(spec)) return ip + data;
  switch (spec.protocol) {
    case PROTOCOL.TCP:
      return ip + TCP_HEADER + pad(tcpOptionsOf(spec).length) + data;
    case PROTOCOL.SCTP:
      return ip + (spec.chunks ?? [1]).reduce((sum, type) => sum + pad(4 + (sctpChunkValue(type)?.length ?? 0)), 12) + data;
    case PROTOCOL.DCCP:
      return ip + dccpHeaderLength(spec.dccpType ?? 0) + data;
    default:
      return ip + 8 + data;
  }
}

function pad(length: number): number {
  return (length + 3) & ~3;
}

/** Length of a DCCP header with 48-bit numbers and without options, in bytes (RFC 4340, section 5). */
export function dccpHeaderLength(type: number): number {
  const acknowledges = type !== 0 && type !== 2;
  const serves = type === 0 || type === 1 || type === 7;
  return 16 + (acknowledges ? 8 : 0) + (serves ? 4 : 0);
}
