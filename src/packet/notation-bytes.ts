import { buildPacket } from "./build.ts";
import type { TransportRepr } from "./build.ts";
import { concat, equalBytes, setU16, setU32 } from "./bytes.ts";
import { checksumPlace, transportChecksum, transportChecksumHolds } from "./checksum.ts";
import { Dccp } from "./dccp.ts";
import { Icmp } from "./icmp.ts";
import { Ipv4 } from "./ipv4.ts";
import { Ipv6 } from "./ipv6.ts";
import type { ExtensionRepr } from "./ipv6.ts";
import { dissect, extensionLength } from "./layout.ts";
import { isFault } from "./fault.ts";
import type { ExtensionHeader, Layout } from "./layout.ts";
import type { Fault } from "./fault.ts";
import type { Draft } from "./notation-word.ts";
import { IPV6_HEADER, PROTOCOL } from "./numbers.ts";
import {
  builtLength,
  dccpHeaderLength,
  hasPorts,
  hasTransportHeader,
  isIcmp,
  isIcmpQuery,
  sctpChunkValue,
  tcpOptionsOf,
} from "./packet-spec.ts";
import type { PacketSpec } from "./packet-spec.ts";
import { SCTP_CHUNK, Sctp } from "./sctp.ts";
import { TCP_FLAG, TCP_HEADER, TCP_OPTION, Tcp } from "./tcp.ts";
import { Udp } from "./udp.ts";

/** The packet that a spec describes, with right lengths and checksums (but for `badsum`). Throws a RangeError on a spec that no packet can hold; one that was parsed can be held. */
export function specToBytes(spec: PacketSpec): Uint8Array {
  const padding = Math.max(0, (spec.length ?? 0) - builtLength(spec));
  const payload = padding === 0 ? (spec.data ?? new Uint8Array()) : concat(spec.data ?? new Uint8Array(), new Uint8Array(padding));
  const common = {
    ttl: spec.ttl ?? 64,
    tos: spec.tos ?? 0,
    id: spec.ipid ?? 0,
    transport: transportOf(spec, payload),
    ...(spec.fragment === undefined ? {} : { fragment: spec.fragment }),
  };
  const { source, destination } = spec;
  const bytes =
    typeof source.address === "number" && typeof destination.address === "number"
      ? buildPacket({
          family: 4,
          source: source.address,
          destination: destination.address,
          df: spec.df ?? false,
          options: spec.ipOptions ?? new Uint8Array(),
          ...common,
        })
      : buildPacket({
          family: 6,
          source: BigInt(source.address),
          destination: BigInt(destination.address),
          flowLabel: spec.flowLabel ?? 0,
          extensions: spec.extensions ?? [],
          ...common,
        });
  if (spec.badChecksum) spoilChecksum(bytes);
  return bytes;
}

function transportOf(spec: PacketSpec, payload: Uint8Array): TransportRepr {
  const { protocol } = spec;
  if (!hasTransportHeader(spec)) return { kind: "raw", protocol, payload };
  const ports = { sourcePort: spec.source.port ?? 0, destinationPort: spec.destination.port ?? 0 };
  switch (protocol) {
    case PROTOCOL.TCP: {
      const flags = spec.tcpFlags ?? 0;
      const numbers = { sequence: spec.seq ?? 1, acknowledgment: spec.ack ?? (flags & TCP_FLAG.ACK ? 1 : 0), window: spec.window ?? 64240 };
      return { kind: "tcp", ...ports, flags, ...numbers, options: tcpOptionsOf(spec), payload };
    }
    case PROTOCOL.UDP:
      return { kind: "udp", ...ports, payload };
    case PROTOCOL.UDPLITE:
      return { kind: "udplite", ...ports, payload };
    case PROTOCOL.SCTP: {
      const types = spec.chunks ?? [SCTP_CHUNK.INIT];
      const chunks = types.map(type => ({ type, value: sctpChunkValue(type) ?? new Uint8Array() }));
      return { kind: "sctp", ...ports, verificationTag: spec.vtag ?? defaultTag(types), chunks, payload };
    }
    case PROTOCOL.DCCP:
      return { kind: "dccp", ...ports, type: spec.dccpType ?? 0, sequence: 1, payload };
    default: {
      const { type, code } = spec.icmp ?? { type: 0, code: 0 };
      const usual = isIcmpQuery(spec.family, type) ? 1 : 0;
      const rest = spec.rest ?? (((spec.id ?? usual) << 16) | (spec.seq ?? usual)) >>> 0;
      return { kind: spec.family === 4 ? "icmp" : "icmpv6", type, code, rest, payload };
    }
  }
}

function defaultTag(types: readonly number[]): number {
  return types.includes(SCTP_CHUNK.INIT) ? 0 : 1;
}

function spoilChecksum(bytes: Uint8Array): void {
  const layout = dissect(bytes);
  if (isFault(layout)) return;
  const place = checksumPlace(layout);
  const right = transportChecksum(bytes, layout);
  if (place === undefined || right === undefined) return;
  if (layout.protocol === PROTOCOL.SCTP) setU32(bytes, place, (right ^ 0x0101) >>> 0);
  // A UDP checksum of 0 would mean none.
  else setU16(bytes, place, right ^ (right === 0x0101 ? 0x0202 : 0x0101));
}

/** What is known of a packet beside its bytes. */
export type PacketMeta = Partial<
  Pick<PacketSpec, "session" | "in" | "out" | "physin" | "physout" | "mark" | "mac" | "pkttype" | "ctState" | "uid" | "gid">
>;

/**
 * The spec of a packet. In `full` detail `specToBytes` gives the same bytes back, but for what the notation has no words for:
 * TCP reserved bits and urgent pointer, reserved bits of a fragment header, a first fragment's checksum, UDP and UDPLite length
 * fields, what SCTP chunks hold, DCCP beyond the type. In `brief` detail only what a person asks first remains.
 */
export function bytesToSpec(bytes: Uint8Array, meta: PacketMeta = {}, detail: "full" | "brief" = "full"): PacketSpec | Fault {
  const layout = dissect(bytes);
  if (isFault(layout)) return layout;
  const draft = addressed(bytes, layout, meta);
  if (isFragment(bytes, layout)) draft.fragment = { offset: layout.fragmentOffset, more: layout.moreFragments };
  const payload = readTransport(bytes, layout, draft, detail);
  if (detail === "full") {
    network(bytes, layout, draft);
    if (hasTransportHeader(draft) && transportChecksumHolds(bytes, layout) === false) draft.badChecksum = true;
    let end = layout.totalLength;
    while (end > payload && bytes[end - 1] === 0) end--;
    if (end > payload) draft.data = bytes.slice(payload, end);
  }
  const bare = builtLength(draft);
  if (bare < layout.totalLength) draft.length = layout.totalLength;
  return draft;
}

/** Whether the word `frag` says it: in IPv6 only when the fragment header is the last extension header and the chain is whole. */
function isFragment(bytes: Uint8Array, layout: Layout): boolean {
  const { family, moreFragments, fragmentOffset, fragmentHeader, extensions } = layout;
  if (!moreFragments && fragmentOffset === 0) return false;
  return family === 4 || (chainIsWhole(bytes, layout) && extensions.at(-1)?.offset === fragmentHeader);
}

/** Whether all extension headers lie in the packet; if not, the spec is raw from the first on. */
function chainIsWhole(bytes: Uint8Array, { protocol, extensions }: Layout): boolean {
  const last = extensions.at(-1);
  return protocol !== -1 && (last === undefined || extensionLength(last.protocol, bytes, last.offset) === last.length);
}

function addressed(bytes: Uint8Array, layout: Layout, meta: PacketMeta): Draft {
  const view = layout.family === 4 ? Ipv4.at(bytes) : Ipv6.at(bytes);
  const protocol = chainIsWhole(bytes, layout) ? layout.protocol : (bytes[6] as number);
  const source = { address: view?.source ?? 0 };
  const destination = { address: view?.destination ?? 0 };
  return { session: false, family: layout.family, protocol, source, destination, ...meta };
}

function network(bytes: Uint8Array, layout: Layout, draft: Draft): void {
  const ttl = bytes[layout.family === 4 ? 8 : 7] as number;
  const tos = layout.family === 4 ? (bytes[1] as number) : (Ipv6.at(bytes)?.trafficClass ?? 0);
  if (ttl !== 64) draft.ttl = ttl;
  if (tos !== 0) draft.tos = tos;
  if (layout.dontFragment) draft.df = true;
  if (layout.identification !== 0 && (layout.family === 4 || draft.fragment !== undefined)) draft.ipid = layout.identification;
  if (layout.family === 4 && layout.headerLength > 20) draft.ipOptions = bytes.slice(20, layout.headerLength);
  if (layout.family === 4) return;
  const flowLabel = Ipv6.at(bytes)?.flowLabel ?? 0;
  if (flowLabel !== 0) draft.flowLabel = flowLabel;
  if (!chainIsWhole(bytes, layout)) return;
  const kept = draft.fragment === undefined ? layout.extensions : layout.extensions.slice(0, -1);
  if (kept.length > 0) draft.extensions = kept.map(extension => extensionAt(bytes, extension));
}

function extensionAt(bytes: Uint8Array, { protocol, offset, length }: ExtensionHeader): ExtensionRepr {
  const header = bytes.slice(offset, offset + length);
  header[0] = 0;
  return { protocol, bytes: header };
}

/** Reads the transport header into the draft, or makes it raw where there is none; the offset of the payload. */
function readTransport(bytes: Uint8Array, layout: Layout, draft: Draft, detail: "full" | "brief"): number {
  const { l4, totalLength: end } = layout;
  if (!hasTransportHeader(draft)) return chainIsWhole(bytes, layout) ? l4 : IPV6_HEADER;
  const payload = readHeader(bytes, l4, end, draft, detail);
  if (payload !== undefined) return payload;
  draft.raw = true;
  return l4;
}

function readHeader(bytes: Uint8Array, l4: number, end: number, draft: Draft, detail: "full" | "brief"): number | undefined {
  const { protocol } = draft;
  if (hasPorts(protocol)) {
    const ports = Udp.at(bytes, l4, end);
    if (ports === undefined) return undefined;
    const payload = readPorted(bytes, l4, end, draft, detail);
    if (payload === undefined) return undefined;
    draft.source = { ...draft.source, port: ports.sourcePort };
    draft.destination = { ...draft.destination, port: ports.destinationPort };
    return payload;
  }
  const icmp = isIcmp(draft.family, protocol) ? Icmp.at(bytes, l4, end) : undefined;
  if (icmp === undefined) return undefined;
  draft.icmp = { type: icmp.type, code: icmp.code };
  if (detail === "brief") return icmp.payload;
  if (!isIcmpQuery(draft.family, icmp.type)) {
    if (icmp.rest !== 0) draft.rest = icmp.rest;
  } else {
    if (icmp.id !== 1) draft.id = icmp.id;
    if (icmp.sequence !== 1) draft.seq = icmp.sequence;
  }
  return icmp.payload;
}

function readPorted(bytes: Uint8Array, l4: number, end: number, draft: Draft, detail: "full" | "brief"): number | undefined {
  if (draft.protocol === PROTOCOL.TCP) return readTcp(bytes, l4, end, draft, detail);
  if (draft.protocol === PROTOCOL.SCTP) {
    const sctp = Sctp.at(bytes, l4, end);
    const chunks = sctp === undefined ? [] : [...sctp.chunks()].map(({ type }) => type);
    // Chunks shorter than the notation makes them cannot be said.
    if (sctp === undefined || chunks.length === 0 || builtLength({ ...draft, chunks }) > end) return undefined;
    if (chunks.length > 1 || chunks[0] !== SCTP_CHUNK.INIT) draft.chunks = chunks;
    if (sctp.verificationTag !== defaultTag(chunks)) draft.vtag = sctp.verificationTag;
    return end;
  }
  if (draft.protocol === PROTOCOL.DCCP) {
    const dccp = Dccp.at(bytes, l4, end);
    if (dccp === undefined || dccp.headerLength < dccpHeaderLength(dccp.type) || l4 + dccp.headerLength > end) return undefined;
    if (dccp.type !== 0) draft.dccpType = dccp.type;
    return l4 + dccp.headerLength;
  }
  return l4 + 8;
}

function readTcp(bytes: Uint8Array, l4: number, end: number, draft: Draft, detail: "full" | "brief"): number | undefined {
  const tcp = Tcp.at(bytes, l4, end);
  if (tcp === undefined || !tcp.optionsWhole) return undefined;
  draft.tcpFlags = tcp.flags;
  const options = bytes.slice(l4 + TCP_HEADER, tcp.payload);
  if (detail === "brief") {
    if (tcp.mss !== undefined) draft.mss = tcp.mss;
    return tcp.payload;
  }
  if (tcp.sequence !== 1) draft.seq = tcp.sequence;
  if (tcp.acknowledgment !== (tcp.flags & TCP_FLAG.ACK ? 1 : 0)) draft.ack = tcp.acknowledgment;
  if (tcp.window !== 64240) draft.window = tcp.window;
  if (options.length > 0) Object.assign(draft, namedOptions(tcp, options));
  return tcp.payload;
}

/** MSS, SACK permitted and window scale, where they say all that the options do; else the options as they are. */
function namedOptions(tcp: Tcp, options: Uint8Array): Pick<PacketSpec, "mss" | "sackPermitted" | "windowScale" | "tcpOptions"> {
  const scale = [...tcp.options()].find(({ kind, length }) => kind === TCP_OPTION.WINDOW_SCALE && length === 3);
  const named = {
    ...(tcp.mss === undefined ? {} : { mss: tcp.mss }),
    ...(tcp.hasOption(TCP_OPTION.SACK_PERMITTED) ? { sackPermitted: true as const } : {}),
    ...(scale === undefined ? {} : { windowScale: tcp.bytes[scale.offset + 2] as number }),
  };
  return equalBytes(tcpOptionsOf(named), options) ? named : { tcpOptions: options };
}
