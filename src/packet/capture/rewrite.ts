import { concat } from "../bytes.ts";
import { read16, write16, write32 } from "./byte-order.ts";
import { LINK_TYPE } from "./link.ts";
import type { NetworkPacket } from "./record.ts";

/** Ethernet frames are at least so long, in bytes and without FCS (ETH_ZLEN). */
const ETHERNET_MINIMUM = 60;

/**
 * The frame with another IP packet in the same link header: lengths in the header follow, padding is made anew where the frame
 * had some, and any trailer goes.
 */
export function rewriteFrame(
  { frame, network }: { readonly frame: Uint8Array; readonly network: NetworkPacket },
  bytes: Uint8Array,
): Uint8Array {
  const { offset, lengthFields } = network;
  const length = offset + bytes.length;
  const hadPadding = frame.length > offset + network.bytes.length;
  const rewritten = new Uint8Array(hadPadding ? Math.max(length, Math.min(ETHERNET_MINIMUM, frame.length)) : length);
  rewritten.set(frame.subarray(0, offset));
  rewritten.set(bytes, offset);
  for (const field of lengthFields) {
    const old = read16(frame, field.offset, field.little);
    write16(rewritten, field.offset, old + bytes.length - network.bytes.length, field.little);
  }
  return rewritten;
}

/** Hardware addresses of a frame that is built; zero where not given. */
export interface FrameAddresses {
  readonly sourceMac?: Uint8Array | undefined;
  readonly destinationMac?: Uint8Array | undefined;
}

/** A frame of that link type around an IP packet, as for a packet that no captured frame stands for; undefined where the type is only read. */
export function buildFrame(linkType: number, family: 4 | 6, bytes: Uint8Array, addresses: FrameAddresses = {}): Uint8Array | undefined {
  const header = linkHeader(linkType, family, addresses);
  return header === undefined ? undefined : concat(header, bytes);
}

function linkHeader(linkType: number, family: 4 | 6, { sourceMac, destinationMac }: FrameAddresses): Uint8Array | undefined {
  const etherType = family === 4 ? 0x0800 : 0x86dd;
  switch (linkType) {
    case LINK_TYPE.RAW:
    case LINK_TYPE.RAW_BSD:
    case LINK_TYPE.RAW_OPENBSD:
      return new Uint8Array(0);
    case LINK_TYPE.IPV4:
      return family === 4 ? new Uint8Array(0) : undefined;
    case LINK_TYPE.IPV6:
      return family === 6 ? new Uint8Array(0) : undefined;
    case LINK_TYPE.ETHERNET: {
      const header = new Uint8Array(14);
      if (destinationMac !== undefined) header.set(destinationMac.subarray(0, 6), 0);
      if (sourceMac !== undefined) header.set(sourceMac.subarray(0, 6), 6);
      write16(header, 12, etherType, false);
      return header;
    }
    case LINK_TYPE.COOKED: {
      const header = new Uint8Array(16);
      write16(header, 0, OUTGOING, false);
      write16(header, 2, ARPHRD_ETHER, false);
      write16(header, 4, 6, false);
      if (sourceMac !== undefined) header.set(sourceMac.subarray(0, 6), 6);
      write16(header, 14, etherType, false);
      return header;
    }
    case LINK_TYPE.COOKED_V2: {
      const header = new Uint8Array(20);
      write16(header, 0, etherType, false);
      write16(header, 8, ARPHRD_ETHER, false);
      header[10] = OUTGOING;
      header[11] = 6;
      if (sourceMac !== undefined) header.set(sourceMac.subarray(0, 6), 12);
      return header;
    }
    case LINK_TYPE.NULL:
    case LINK_TYPE.LOOP: {
      const header = new Uint8Array(4);
      write32(header, 0, family === 4 ? 2 : 24, linkType === LINK_TYPE.NULL);
      return header;
    }
    default:
      return undefined;
  }
}

/** PACKET_OUTGOING (if_packet.h) and ARPHRD_ETHER (if_arp.h). */
const OUTGOING = 4;
const ARPHRD_ETHER = 1;
