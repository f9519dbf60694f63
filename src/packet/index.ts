/**
 * Packets: bytes ⇄ headers, addresses and sets of them, names, and the packet notation (design.md §5). Capture files are in
 * `capture/`. Start with `dissect`, which finds the parts of a packet; the views (`Tcp.at` …) read and write them in place;
 * `buildPacket` makes one; `parseNotation` and `printNotation` are for people.
 */
export { concat, equalBytes, hex, setU128, setU16, setU32, setU8, u128, u16, u32, u8, unhex } from "./bytes.ts";
export { IPV4_HEADER, IPV6_HEADER, PROTOCOL } from "./numbers.ts";
export { checksumPlace, setTransportChecksum, transportChecksum, transportChecksumHolds } from "./checksum.ts";
export {
  headerChecksum,
  internetChecksum,
  internetSum,
  pseudoHeaderSum4,
  pseudoHeaderSum6,
  setHeaderChecksum,
  updateChecksum16,
  updateChecksum32,
} from "./internet-checksum.ts";
export { crc32c } from "./crc32c.ts";
export { dissect, type ExtensionHeader, type Layout } from "./layout.ts";
export { isFault, type Fault } from "./fault.ts";
export { buildIpv4, Ipv4, type Ipv4Option, type Ipv4Repr } from "./ipv4.ts";
export { buildExtension, buildFragmentHeader, buildIpv6, Ipv6, type ExtensionRepr, type Ipv6Repr } from "./ipv6.ts";
export { buildTcp, mssOption, Tcp, TCP_FLAG, TCP_HEADER, TCP_OPTION, type TcpOption, type TcpRepr } from "./tcp.ts";
export { buildUdp, buildUdplite, Udp, UDP_HEADER, type UdpRepr } from "./udp.ts";
export { buildIcmp, ICMP, Icmp, ICMP_HEADER, ICMPV6, type ByteRange, type IcmpRepr } from "./icmp.ts";
export { buildSctp, Sctp, SCTP_CHUNK, SCTP_HEADER, type SctpChunk, type SctpChunkRepr, type SctpRepr } from "./sctp.ts";
export { buildDccp, Dccp, DCCP_HEADER, DCCP_TYPE, type DccpRepr } from "./dccp.ts";
export { buildGre, Gre, GRE_PPP, type GreRepr } from "./gre.ts";
export { Ah, buildAh, buildEsp, Esp } from "./ipsec.ts";
export {
  buildPacket,
  buildTransport,
  protocolOf,
  type FragmentRepr,
  type PacketRepr,
  type PacketRepr4,
  type PacketRepr6,
  type TransportRepr,
} from "./build.ts";
export { fragmentPacket } from "./fragment.ts";
export {
  IPV4_MAX,
  IPV6_MAX,
  macAt,
  macBytes,
  parseAddress,
  parseC,
  parseIpv4,
  parseIpv4Aton,
  parseIpv6,
  parseMac,
  printAddress,
  printIpv4,
  printIpv6,
  printMac,
  type AtonAddress,
} from "./address.ts";
export {
  mask4,
  mask6,
  maskLength,
  parseMask4,
  parseMask6,
  parsePrefix4,
  parsePrefix6,
  prefix4,
  prefix6,
  prefixContains,
  printPrefix,
  type Prefix,
  type Prefix4,
  type Prefix6,
  type PrefixFault,
  type PrefixReading,
} from "./prefix.ts";
export {
  ALL_IPV4,
  ALL_IPV6,
  ALL_PORTS,
  asPrefix,
  complement,
  contains,
  difference,
  equalSets,
  fromPrefix4,
  fromPrefix6,
  intersect,
  intervals,
  isSubset,
  singletons,
  size,
  toPrefixes4,
  toPrefixes6,
  union,
  type Interval,
  type IntervalSet,
} from "./intervals.ts";
export { DSCP_CLASSES, TCP_FLAG_NAMES, TOS_NAMES } from "./names.ts";
export { PROTOCOL_NAMES, protocolName, protocolNumber } from "./protocols.ts";
export { serviceName, servicePort, services, type Service } from "./services.ts";
export { findIcmpName, ICMP_NAMES, icmpName, icmpNames, ICMPV6_NAMES, type IcmpName } from "./icmp-types.ts";
export { closest } from "./guess.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
export { CT_STATES, hasPorts, isIcmp, PACKET_TYPES, type CtState, type Endpoint, type PacketSpec, type PacketType } from "./packet-spec.ts";
export { type Circumstances, type LocalSocket, type SecurityStepSpec } from "./circumstances.ts";
export { type NotationFault } from "./notation-text.ts";
export { DEFAULT_SOURCE_PORT, isNotationFault, parseNotation } from "./notation.ts";
export { printNotation } from "./notation-print.ts";
export { bytesToSpec, specToBytes, type PacketMeta } from "./notation-bytes.ts";
export * from "./capture/index.ts";
