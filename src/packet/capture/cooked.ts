import { u16, u32, u8 } from "../bytes.ts";
import { decodeEtherType, decodeLlc } from "./ethernet.ts";
import type { Carried, LinkHeader } from "./link-header.ts";
import { PACKET_KINDS } from "./record.ts";

/** Linux cooked headers, in bytes. */
const COOKED1_HEADER = 16;
const COOKED2_HEADER = 20;
/** Protocol numbers of if_ether.h below the EtherTypes. */
const ETH_P_802_2 = 4;
const ARPHRD_NETLINK = 824;

/** Linux cooked capture: packet type, hardware type, address length, source address (8 bytes), protocol. */
export function decodeCooked1(frame: Uint8Array, header: LinkHeader): Carried {
  if (frame.length < COOKED1_HEADER) return "the frame ends inside its Linux cooked header";
  header.pkttype = PACKET_KINDS[u16(frame, 0)];
  if (u16(frame, 4) === 6) header.sourceMac = frame.subarray(6, 12);
  return cookedProtocol(frame, u16(frame, 2), 14, COOKED1_HEADER, header);
}

/** Linux cooked capture v2: protocol, interface index, hardware type, packet type, address length, source address. */
export function decodeCooked2(frame: Uint8Array, header: LinkHeader): Carried {
  if (frame.length < COOKED2_HEADER) return "the frame ends inside its Linux cooked v2 header";
  header.interfaceIndex = u32(frame, 4);
  header.pkttype = PACKET_KINDS[u8(frame, 10)];
  if (u8(frame, 11) === 6) header.sourceMac = frame.subarray(12, 18);
  return cookedProtocol(frame, u16(frame, 8), 0, COOKED2_HEADER, header);
}

function cookedProtocol(frame: Uint8Array, hardware: number, at: number, payload: number, header: LinkHeader): Carried {
  if (hardware === ARPHRD_NETLINK) return "netlink";
  const protocol = u16(frame, at);
  if (protocol === ETH_P_802_2) return decodeLlc(frame, payload, frame.length);
  if (protocol < 0x600) return `Linux cooked protocol ${protocol}`;
  return decodeEtherType(frame, at, header, payload);
}
