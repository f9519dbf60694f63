import { concat } from "./bytes.ts";
import { setTransportChecksum } from "./checksum.ts";
import { buildDccp } from "./dccp.ts";
import type { DccpRepr } from "./dccp.ts";
import { buildGre } from "./gre.ts";
import type { GreRepr } from "./gre.ts";
import { buildIcmp } from "./icmp.ts";
import type { IcmpRepr } from "./icmp.ts";
import { buildIpv4 } from "./ipv4.ts";
import { buildFragmentHeader, buildIpv6 } from "./ipv6.ts";
import type { ExtensionRepr } from "./ipv6.ts";
import { dissect } from "./layout.ts";
import { isFault } from "./fault.ts";
import { PROTOCOL } from "./numbers.ts";
import { buildSctp } from "./sctp.ts";
import type { SctpRepr } from "./sctp.ts";
import { buildTcp } from "./tcp.ts";
import type { TcpRepr } from "./tcp.ts";
import { buildUdp, buildUdplite } from "./udp.ts";
import type { UdpRepr } from "./udp.ts";

/** What an IP packet to build carries: a transport by its repr, or raw bytes under a protocol number. */
export type TransportRepr =
  | ({ readonly kind: "tcp" } & TcpRepr)
  | ({ readonly kind: "udp" | "udplite" } & UdpRepr)
  | ({ readonly kind: "icmp" | "icmpv6" } & IcmpRepr)
  | ({ readonly kind: "sctp" } & SctpRepr)
  | ({ readonly kind: "dccp" } & DccpRepr)
  | ({ readonly kind: "gre" } & GreRepr)
  | { readonly kind: "raw"; readonly protocol: number; readonly payload: Uint8Array };

/** Makes the packet a fragment; `offset` in units of 8 bytes. */
export interface FragmentRepr {
  readonly offset: number;
  readonly more: boolean;
}

interface CommonRepr {
  /** TTL or hop limit, 64 by default. */
  readonly ttl?: number;
  /** TOS or traffic class. */
  readonly tos?: number;
  /** IPv4 id, or the id of the IPv6 fragment header. */
  readonly id?: number;
  /** In a fragment, the bytes at its offset: a transport header only in the first. */
  readonly transport: TransportRepr;
  readonly fragment?: FragmentRepr;
}

/** A whole IPv4 packet to build. */
export interface PacketRepr4 extends CommonRepr {
  readonly family: 4;
  readonly source: number;
  readonly destination: number;
  /** Don't fragment. */
  readonly df?: boolean;
  /** Raw option bytes. */
  readonly options?: Uint8Array;
}

/** A whole IPv6 packet to build. */
export interface PacketRepr6 extends CommonRepr {
  readonly family: 6;
  readonly source: bigint;
  readonly destination: bigint;
  readonly flowLabel?: number;
  /** Before the transport, in order; a fragment header for `fragment` is put after them. */
  readonly extensions?: readonly ExtensionRepr[];
}

/** A whole IP packet to build. */
export type PacketRepr = PacketRepr4 | PacketRepr6;

/** The packet's bytes with right lengths and checksums; a fragment's transport checksum stays 0. Throws a RangeError on what no packet can hold. */
export function buildPacket(repr: PacketRepr): Uint8Array {
  const payload = buildTransport(repr.transport);
  const bytes = repr.family === 4 ? packet4(repr, payload) : packet6(repr, payload);
  const layout = dissect(bytes);
  if (!isFault(layout)) setTransportChecksum(bytes, layout);
  return bytes;
}

function packet4(repr: PacketRepr4, payload: Uint8Array): Uint8Array {
  const header = buildIpv4({
    source: repr.source,
    destination: repr.destination,
    protocol: protocolOf(repr.transport),
    payloadLength: payload.length,
    ttl: repr.ttl ?? 64,
    tos: repr.tos ?? 0,
    identification: repr.id ?? 0,
    dontFragment: repr.df ?? false,
    moreFragments: repr.fragment?.more ?? false,
    fragmentOffset: repr.fragment?.offset ?? 0,
    options: repr.options ?? new Uint8Array(),
  });
  return concat(header, payload);
}

function packet6(repr: PacketRepr6, payload: Uint8Array): Uint8Array {
  const { fragment } = repr;
  const chain = fragment === undefined ? [] : [buildFragmentHeader(fragment.offset, fragment.more, repr.id ?? 0)];
  const extensions = [...(repr.extensions ?? []), ...chain];
  const parts = extensions.map(extension => extension.bytes.slice());
  for (const [index, part] of parts.entries()) part[0] = extensions[index + 1]?.protocol ?? protocolOf(repr.transport);
  const body = concat(...parts, payload);
  const header = buildIpv6({
    source: repr.source,
    destination: repr.destination,
    nextHeader: extensions[0]?.protocol ?? protocolOf(repr.transport),
    payloadLength: body.length,
    hopLimit: repr.ttl ?? 64,
    trafficClass: repr.tos ?? 0,
    flowLabel: repr.flowLabel ?? 0,
  });
  return concat(header, body);
}

/** The transport's own bytes, its checksum 0. */
export function buildTransport(transport: TransportRepr): Uint8Array {
  switch (transport.kind) {
    case "tcp":
      return buildTcp(transport);
    case "udp":
      return buildUdp(transport);
    case "udplite":
      return buildUdplite(transport);
    case "icmp":
    case "icmpv6":
      return buildIcmp(transport);
    case "sctp":
      return buildSctp(transport);
    case "dccp":
      return buildDccp(transport);
    case "gre":
      return buildGre(transport);
    case "raw":
      return transport.payload;
  }
}

/** The protocol number of a transport. */
export function protocolOf(transport: TransportRepr): number {
  return transport.kind === "raw" ? transport.protocol : NUMBERS[transport.kind];
}

const NUMBERS: Readonly<Record<Exclude<TransportRepr["kind"], "raw">, number>> = {
  tcp: PROTOCOL.TCP,
  udp: PROTOCOL.UDP,
  udplite: PROTOCOL.UDPLITE,
  icmp: PROTOCOL.ICMP,
  icmpv6: PROTOCOL.ICMPV6,
  sctp: PROTOCOL.SCTP,
  dccp: PROTOCOL.DCCP,
  gre: PROTOCOL.GRE,
};
