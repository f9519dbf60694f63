import { u8 } from "../bytes.ts";
import { read32 } from "./byte-order.ts";
import { decodeCooked1, decodeCooked2 } from "./cooked.ts";
import { decodeEthernet } from "./ethernet.ts";
import { linkTypeName } from "./link-names.ts";
import type { Carried, LinkHeader } from "./link-header.ts";
import { ipLength, newLinkHeader } from "./link-header.ts";
import { decodeNflog } from "./nflog.ts";
import { decodeCiscoHdlc, decodePpp, decodePppoe, decodePppSerial } from "./ppp.ts";
import type { FrameKind, NetworkPacket } from "./record.ts";

/** The link types (LINKTYPE_, tcpdump.org/linktypes) whose IP packets are found; those of `-w` files are among them. */
export const LINK_TYPE = {
  NULL: 0,
  ETHERNET: 1,
  PPP: 9,
  RAW_BSD: 12,
  RAW_OPENBSD: 14,
  PPP_SERIAL: 50,
  PPPOE: 51,
  RAW: 101,
  CISCO_HDLC: 104,
  LOOP: 108,
  COOKED: 113,
  PPP_WITH_DIRECTION: 166,
  IPV4: 228,
  IPV6: 229,
  NFLOG: 239,
  COOKED_V2: 276,
} as const;

/** What a frame carries: an IP packet, or the reason why there is none. */
export interface DecodedLink {
  readonly network: NetworkPacket | undefined;
  readonly skipped: string | undefined;
  readonly interfaceIndex: number | undefined;
}

/**
 * Finds the IP packet in a frame. `little` is the byte order of the file, which two link types borrow; `kind` is what the
 * file's record says of the receiver and wins over what the link header says.
 */
export function decodeLink(linkType: number, frame: Uint8Array, little = true, kind?: FrameKind): DecodedLink {
  const header = newLinkHeader();
  const carried = decode(linkType, frame, little, header);
  const interfaceIndex = header.interfaceIndex;
  if (typeof carried === "string") return { network: undefined, skipped: carried, interfaceIndex };
  const { family, offset } = carried;
  const network: NetworkPacket = {
    family,
    bytes: frame.subarray(offset, offset + ipLength(frame, family, offset, carried.end ?? frame.length)),
    offset,
    sourceMac: header.sourceMac,
    destinationMac: header.destinationMac,
    vlan: header.vlan,
    pkttype: kind ?? header.pkttype,
    lengthFields: header.lengthFields,
  };
  return { network, skipped: undefined, interfaceIndex };
}

function decode(linkType: number, frame: Uint8Array, little: boolean, header: LinkHeader): Carried {
  switch (linkType) {
    case LINK_TYPE.ETHERNET:
      return decodeEthernet(frame, header);
    case LINK_TYPE.COOKED:
      return decodeCooked1(frame, header);
    case LINK_TYPE.COOKED_V2:
      return decodeCooked2(frame, header);
    case LINK_TYPE.RAW:
    case LINK_TYPE.RAW_BSD:
    case LINK_TYPE.RAW_OPENBSD:
      return decodeRaw(frame);
    case LINK_TYPE.IPV4:
      return { family: 4, offset: 0 };
    case LINK_TYPE.IPV6:
      return { family: 6, offset: 0 };
    case LINK_TYPE.NULL:
    case LINK_TYPE.LOOP:
      return decodeLoopback(frame);
    case LINK_TYPE.PPP:
      return decodePpp(frame, 0);
    case LINK_TYPE.PPP_WITH_DIRECTION:
      header.pkttype = u8(frame, 0) === 1 ? "outgoing" : "host";
      return decodePpp(frame, 1);
    case LINK_TYPE.PPP_SERIAL:
      return decodePppSerial(frame);
    case LINK_TYPE.PPPOE:
      return decodePppoe(frame, 0, header);
    case LINK_TYPE.CISCO_HDLC:
      return decodeCiscoHdlc(frame);
    case LINK_TYPE.NFLOG:
      return decodeNflog(frame, little, header);
    default:
      return `${linkTypeName(linkType)} is not carried`;
  }
}

function decodeRaw(frame: Uint8Array): Carried {
  if (frame.length === 0) return "the frame is empty";
  const version = u8(frame, 0) >> 4;
  if (version === 4 || version === 6) return { family: version, offset: 0 };
  return `IP version ${version}`;
}

/** AF_INET is 2 everywhere; AF_INET6 is 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on Darwin. */
const LOOPBACK_FAMILY: Readonly<Record<number, 4 | 6>> = { 2: 4, 24: 6, 28: 6, 30: 6 };

/** BSD loopback: an address family of 4 bytes in the order of the capturing machine (NULL) or of the network (LOOP). */
function decodeLoopback(frame: Uint8Array): Carried {
  if (frame.length < 4) return "the frame ends inside its loopback header";
  const big = read32(frame, 0, false);
  const family = big > 0xffff ? read32(frame, 0, true) : big;
  const ip = LOOPBACK_FAMILY[family];
  return ip === undefined ? `loopback address family ${family}` : { family: ip, offset: 4 };
}
