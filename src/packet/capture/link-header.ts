import { u16, u8 } from "../bytes.ts";
import { IPV4_HEADER, IPV6_HEADER } from "../numbers.ts";
import type { FrameKind, LengthField } from "./record.ts";

/** Where an IP packet lies in its frame (`end`: one past what the link header says is its last byte), or why there is none. */
export type Carried = { readonly family: 4 | 6; readonly offset: number; readonly end?: number } | string;

/** What the decoders of this folder learn on their way to the IP packet. */
export interface LinkHeader {
  sourceMac: Uint8Array | undefined;
  destinationMac: Uint8Array | undefined;
  readonly vlan: number[];
  readonly lengthFields: LengthField[];
  pkttype: FrameKind | undefined;
  interfaceIndex: number | undefined;
}

/** A link header that says nothing yet. */
export function newLinkHeader(): LinkHeader {
  return { sourceMac: undefined, destinationMac: undefined, vlan: [], lengthFields: [], pkttype: undefined, interfaceIndex: undefined };
}

/**
 * Bytes of the frame, from `offset` and before `end`, that belong to the IP packet: padding goes, as ip_rcv_core and
 * ip6_rcv_core do by pskb_trim_rcsum. A length that is smaller than the header, or none (offloaded, jumbogram), trims nothing.
 */
export function ipLength(frame: Uint8Array, family: 4 | 6, offset: number, end: number): number {
  const available = Math.max(0, Math.min(end, frame.length) - offset);
  const claimed = family === 4 ? ipv4Length(frame, offset, available) : ipv6Length(frame, offset, available);
  return claimed === undefined ? available : Math.min(claimed, available);
}

function ipv4Length(frame: Uint8Array, offset: number, available: number): number | undefined {
  if (available < IPV4_HEADER) return undefined;
  const first = u8(frame, offset);
  const headerLength = (first & 15) * 4;
  const total = u16(frame, offset + 2);
  return first >> 4 === 4 && headerLength >= IPV4_HEADER && total >= headerLength ? total : undefined;
}

function ipv6Length(frame: Uint8Array, offset: number, available: number): number | undefined {
  if (available < IPV6_HEADER || u8(frame, offset) >> 4 !== 6) return undefined;
  const payload = u16(frame, offset + 4);
  const hopByHop = u8(frame, offset + 6) === 0;
  return payload === 0 && hopByHop ? undefined : IPV6_HEADER + payload;
}
