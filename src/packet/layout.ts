import { u16, u32, u8 } from "./bytes.ts";
import { internetSum } from "./internet-checksum.ts";
import { fault, type Fault } from "./fault.ts";
import { hopByHopFault } from "./hopbyhop.ts";
import { IPV4_HEADER, IPV6_HEADER, PROTOCOL } from "./numbers.ts";

/** An IPv6 extension header: its own protocol number, its offset in the packet and its length in bytes. */
export interface ExtensionHeader {
  readonly protocol: number;
  readonly offset: number;
  readonly length: number;
}

/** Where the parts of an IP packet are. Offsets and lengths are bytes from the start of the IP header. */
export interface Layout {
  readonly family: 4 | 6;
  /** IPv4: the header with its options. IPv6: the fixed header and all extension headers. */
  readonly headerLength: number;
  /** IPv4: tot_len. IPv6: 40 + payload_len. Bytes after it are link padding. */
  readonly totalLength: number;
  /**
   * IPv4: the protocol field. IPv6: what the kernel's ipv6_find_hdr(…, -1) returns; -1 where that fails (a cut extension
   * header, or a later fragment that starts with one), on which an ip6tables rule with `-p` drops the packet (ip6_packet_match).
   */
  readonly protocol: number;
  /** Offset of the transport header, equal to `headerLength`; it may be the end of the packet. */
  readonly l4: number;
  /** Units of 8 bytes; 0 in a whole packet and in a first fragment. */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  /** IPv4's DF bit; false in IPv6. */
  readonly dontFragment: boolean;
  /** IPv4: the id field. IPv6: that of the fragment header, 0 without one. */
  readonly identification: number;
  /** IPv6: the offset of the fragment header. */
  readonly fragmentHeader: number | undefined;
  /** IPv6 extension headers in order, the fragment header and AH included; empty in IPv4. */
  readonly extensions: readonly ExtensionHeader[];
  /** IPv4 header checksum is wrong: ip_rcv drops such a packet; a capture of a sending host shows many. */
  readonly badHeaderChecksum: boolean;
}

const NO_EXTENSIONS: readonly ExtensionHeader[] = Object.freeze([]);

/**
 * Finds the parts of an IPv4 or IPv6 packet; a fault is what ip_rcv_core (ip_input.c) or ip6_rcv_core (ip6_input.c) would
 * refuse before any hook, but for a wrong IPv4 header checksum, which the layout only reports. Hop-by-hop options are
 * judged when a packet arrives, and not again when it has been put together from fragments (`arriving` false).
 */
export function dissect(bytes: Uint8Array, arriving = true): Layout | Fault {
  if (bytes.length === 0) return fault("empty packet", 0);
  const version = u8(bytes, 0) >> 4;
  if (version === 4) return dissect4(bytes);
  if (version === 6) return dissect6(bytes, arriving);
  return fault(`IP version ${version}`, 0);
}

function dissect4(bytes: Uint8Array): Layout | Fault {
  if (bytes.length < IPV4_HEADER) return fault(`IPv4 header cut at ${bytes.length} bytes`, bytes.length);
  const headerLength = (u8(bytes, 0) & 0x0f) * 4;
  if (headerLength < IPV4_HEADER) return fault(`IPv4 header length ${headerLength}`, 0);
  if (headerLength > bytes.length) return fault(`IPv4 options cut at ${bytes.length} of ${headerLength} bytes`, bytes.length);
  const totalLength = u16(bytes, 2);
  if (totalLength < headerLength) return fault(`IPv4 total length ${totalLength}`, 2);
  if (totalLength > bytes.length) return fault(`IPv4 packet cut at ${bytes.length} of ${totalLength} bytes`, bytes.length);
  const fragment = u16(bytes, 6);
  return {
    family: 4,
    headerLength,
    totalLength,
    protocol: u8(bytes, 9),
    l4: headerLength,
    fragmentOffset: fragment & 0x1fff,
    moreFragments: (fragment & 0x2000) !== 0,
    dontFragment: (fragment & 0x4000) !== 0,
    identification: u16(bytes, 4),
    fragmentHeader: undefined,
    extensions: NO_EXTENSIONS,
    badHeaderChecksum: internetSum(bytes, 0, headerLength) !== 0xffff,
  };
}

function dissect6(bytes: Uint8Array, arriving: boolean): Layout | Fault {
  if (bytes.length < IPV6_HEADER) return fault(`IPv6 header cut at ${bytes.length} bytes`, bytes.length);
  const payload = u16(bytes, 4);
  let protocol = u8(bytes, 6);
  // A zero length before a hop-by-hop header announces a jumbogram, and the kernel then trims nothing.
  const totalLength = payload === 0 && protocol === PROTOCOL.HOPOPTS ? bytes.length : IPV6_HEADER + payload;
  if (totalLength > bytes.length) return fault(`IPv6 packet cut at ${bytes.length} of ${totalLength} bytes`, bytes.length);
  if (arriving && protocol === PROTOCOL.HOPOPTS) {
    const refused = hopByHopFault(bytes, totalLength);
    if (refused !== undefined) return refused;
  }
  let at = IPV6_HEADER;
  let fragmentHeader: number | undefined;
  let fragmentOffset = 0;
  let moreFragments = false;
  let extensions: ExtensionHeader[] | undefined;
  while (isExtension(protocol)) {
    // What ipv6_find_hdr reads of a header before it goes on; the rest of it may be cut.
    const needed = protocol === PROTOCOL.FRAGMENT || protocol === PROTOCOL.ROUTING ? 4 : 2;
    const length = at + needed <= totalLength ? extensionLength(protocol, bytes, at) : undefined;
    if (length === undefined) {
      protocol = -1;
      break;
    }
    const next = u8(bytes, at);
    (extensions ??= []).push({ protocol, offset: at, length: Math.min(length, totalLength - at) });
    if (protocol === PROTOCOL.FRAGMENT) {
      fragmentHeader ??= at;
      fragmentOffset = u16(bytes, at + 2) >> 3;
      moreFragments ||= (u8(bytes, at + 3) & 1) !== 0;
    }
    at += length;
    protocol = next;
    if (fragmentOffset !== 0) {
      // ipv6_find_hdr looks no further in a later fragment, and fails on an extension header inside one.
      if (isExtension(next)) protocol = -1;
      break;
    }
  }
  const l4 = Math.min(at, totalLength);
  return {
    family: 6,
    headerLength: l4,
    totalLength,
    protocol,
    l4,
    fragmentOffset,
    moreFragments,
    dontFragment: false,
    identification: fragmentHeader !== undefined && fragmentHeader + 8 <= totalLength ? u32(bytes, fragmentHeader + 4) : 0,
    fragmentHeader,
    extensions: extensions ?? NO_EXTENSIONS,
    badHeaderChecksum: false,
  };
}

/** Headers that ipv6_ext_hdr (exthdrs_core.c) knows, but for "no next header", at which ipv6_find_hdr also stops. */
function isExtension(protocol: number): boolean {
  return (
    protocol === PROTOCOL.HOPOPTS ||
    protocol === PROTOCOL.ROUTING ||
    protocol === PROTOCOL.FRAGMENT ||
    protocol === PROTOCOL.AH ||
    protocol === PROTOCOL.DSTOPTS
  );
}

/** Length in bytes that the IPv6 extension header at `at` says it has (two bytes are read); undefined when the protocol is none that ipv6_ext_hdr knows. */
export function extensionLength(protocol: number, bytes: Uint8Array, at: number): number | undefined {
  if (!isExtension(protocol)) return undefined;
  if (protocol === PROTOCOL.FRAGMENT) return 8;
  const units = u8(bytes, at + 1);
  return protocol === PROTOCOL.AH ? (units + 2) * 4 : (units + 1) * 8;
}
