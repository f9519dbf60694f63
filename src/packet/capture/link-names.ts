/** What a link type, an EtherType or a PPP protocol that carries no IP is called. */

const LINK: Readonly<Record<number, string>> = {
  3: "AX.25",
  6: "token ring",
  7: "ARCNET",
  8: "SLIP",
  10: "FDDI",
  100: "ATM RFC 1483",
  105: "IEEE 802.11",
  107: "frame relay",
  109: "OpenBSD enc",
  117: "OpenBSD pflog",
  119: "IEEE 802.11 with Prism header",
  122: "IP over Fibre Channel",
  123: "SunATM",
  127: "IEEE 802.11 with radiotap header",
  138: "IP over IEEE 1394",
  143: "DOCSIS",
  163: "IEEE 802.11 with AVS header",
  187: "Bluetooth HCI",
  189: "USB on Linux",
  192: "PPI",
  195: "IEEE 802.15.4",
  201: "Bluetooth HCI with direction",
  220: "USB on Linux, mapped",
  227: "CAN",
  230: "IEEE 802.15.4 without FCS",
  242: "IP over InfiniBand",
  249: "USBPcap",
  251: "Bluetooth LE",
  253: "netlink",
  256: "Bluetooth LE with header",
  272: "nRF sniffer",
};

const ETHER: Readonly<Record<number, string>> = {
  0x0806: "ARP",
  0x22f3: "TRILL",
  0x6558: "Ethernet in Ethernet",
  0x8035: "RARP",
  0x809b: "AppleTalk",
  0x80f3: "AppleTalk ARP",
  0x8137: "IPX",
  0x8847: "MPLS",
  0x8848: "MPLS multicast",
  0x8863: "PPPoE discovery",
  0x888e: "EAPOL",
  0x8892: "PROFINET",
  0x88a2: "ATA over Ethernet",
  0x88cc: "LLDP",
  0x88e5: "MACsec",
  0x88e7: "802.1ah",
  0x88f7: "PTP",
  0x8902: "CFM",
  0x8906: "FCoE",
  0x9000: "loopback test",
};

const PPP: Readonly<Record<number, string>> = {
  0x0023: "OSI",
  0x002b: "IPX",
  0x002d: "Van Jacobson compressed TCP",
  0x002f: "Van Jacobson uncompressed TCP",
  0x003d: "multilink",
  0x0053: "encrypted",
  0x00fd: "compressed",
  0x8021: "IPCP",
  0x8053: "ECP",
  0x8057: "IPv6CP",
  0x80fd: "CCP",
  0xc021: "LCP",
  0xc023: "PAP",
  0xc025: "LQR",
  0xc223: "CHAP",
};

const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

/** `link type 105 (IEEE 802.11)`. */
export function linkTypeName(type: number): string {
  const name = LINK[type];
  return name === undefined ? `link type ${type}` : `link type ${type} (${name})`;
}

/** `ARP`, or `EtherType 0x1234`. */
export function etherTypeName(type: number): string {
  return ETHER[type] ?? `EtherType ${hex(type)}`;
}

/** `PPP LCP`, or `PPP protocol 0x1234`. */
export function pppProtocolName(protocol: number): string {
  const name = PPP[protocol];
  return name === undefined ? `PPP protocol ${hex(protocol)}` : `PPP ${name}`;
}
