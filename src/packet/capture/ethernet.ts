import { u16, u8 } from "../bytes.ts";
import { etherTypeName } from "./link-names.ts";
import type { Carried, LinkHeader } from "./link-header.ts";
import { decodePppoe } from "./ppp.ts";

/** The most VLAN tags that are looked through: the kernel nests no more devices than that (netdevice.h, MAX_NEST_DEV). */
export const VLAN_DEPTH_LIMIT: number = 8;

/** Destination, source and EtherType, in bytes. */
const ETHERNET_HEADER = 14;
/** An EtherType; what is smaller is an IEEE 802.3 length (if_ether.h, ETH_P_802_3_MIN). */
const ETHERTYPE_MINIMUM = 0x600;

/** Ethernet II and IEEE 802.3, with VLAN tags, SNAP and PPPoE. */
export function decodeEthernet(frame: Uint8Array, header: LinkHeader): Carried {
  if (frame.length < ETHERNET_HEADER) return "the frame ends inside its Ethernet header";
  header.destinationMac = frame.subarray(0, 6);
  header.sourceMac = frame.subarray(6, 12);
  header.pkttype = destinationKind(header.destinationMac);
  return decodeEtherType(frame, ETHERNET_HEADER - 2, header);
}

/** What follows the EtherType at `typeAt`, past any VLAN tags; a value too small for an EtherType is an 802.3 length. */
export function decodeEtherType(frame: Uint8Array, typeAt: number, header: LinkHeader, payload: number = typeAt + 2): Carried {
  for (;;) {
    const type = u16(frame, typeAt);
    switch (type) {
      case 0x0800:
        return { family: 4, offset: payload };
      case 0x86dd:
        return { family: 6, offset: payload };
      case 0x8864:
        return decodePppoe(frame, payload, header);
      case 0x8100:
      case 0x88a8:
      case 0x9100:
      case 0x9200:
        if (header.vlan.length === VLAN_DEPTH_LIMIT) return `more than ${VLAN_DEPTH_LIMIT} VLAN tags`;
        if (frame.length < payload + 4) return "the frame ends inside a VLAN tag";
        header.vlan.push(u16(frame, payload) & 0xfff);
        typeAt = payload + 2;
        payload += 4;
        continue;
    }
    if (type >= ETHERTYPE_MINIMUM) return etherTypeName(type);
    header.lengthFields.push({ offset: typeAt, little: false });
    return decodeLlc(frame, payload, Math.min(frame.length, payload + type));
  }
}

/** IEEE 802.2 at `at`: only SNAP carries IP. */
export function decodeLlc(frame: Uint8Array, at: number, end: number): Carried {
  if (end < at + 3) return "the frame ends inside its LLC header";
  const dsap = u8(frame, at);
  const ssap = u8(frame, at + 1);
  if (dsap === 0xaa && ssap === 0xaa && u8(frame, at + 2) === 3) {
    if (end < at + 8) return "the frame ends inside its SNAP header";
    const organisation = (u8(frame, at + 3) << 16) | u16(frame, at + 4);
    const type = u16(frame, at + 6);
    if (organisation === 0 && type === 0x0800) return { family: 4, offset: at + 8, end };
    if (organisation === 0 && type === 0x86dd) return { family: 6, offset: at + 8, end };
    return organisation === 0 ? `SNAP ${etherTypeName(type)}` : `SNAP of organisation 0x${organisation.toString(16).padStart(6, "0")}`;
  }
  if (dsap === 0x42 && ssap === 0x42) return "spanning tree";
  if (dsap === 0xff && ssap === 0xff) return "IPX";
  return `LLC 0x${dsap.toString(16).padStart(2, "0")}`;
}

function destinationKind(mac: Uint8Array): "broadcast" | "multicast" | "host" {
  if ((u8(mac, 0) & 1) === 0) return "host";
  return mac.every(byte => byte === 0xff) ? "broadcast" : "multicast";
}
