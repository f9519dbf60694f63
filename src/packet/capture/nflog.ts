import { u16, u32, u8 } from "../bytes.ts";
import { read16 } from "./byte-order.ts";
import type { Carried, LinkHeader } from "./link-header.ts";

/** Attributes of nfnetlink_log.h. */
const NFULA_IFINDEX_INDEV = 4;
const NFULA_IFINDEX_OUTDEV = 5;
const NFULA_HWADDR = 8;
const NFULA_PAYLOAD = 9;
/** AF_INET and AF_INET6 as Linux numbers them. */
const FAMILY: Readonly<Record<number, 4 | 6>> = { 2: 4, 10: 6 };

/** What NFLOG logged (nfnetlink_log.c, __build_packet_message): family, version, group, then attributes in the capturing machine's byte order. */
export function decodeNflog(frame: Uint8Array, little: boolean, header: LinkHeader): Carried {
  if (frame.length < 4) return "the frame ends inside its NFLOG header";
  const family = FAMILY[u8(frame, 0)];
  for (let at = 4; at + 4 <= frame.length;) {
    const length = read16(frame, at, little);
    const end = at + length;
    if (length < 4 || end > frame.length) return "a bad NFLOG attribute length";
    switch (read16(frame, at + 2, little) & 0x3fff) {
      case NFULA_IFINDEX_INDEV:
      case NFULA_IFINDEX_OUTDEV:
        if (length >= 8) header.interfaceIndex ??= u32(frame, at + 4);
        break;
      case NFULA_HWADDR:
        if (length >= 14 && u16(frame, at + 4) === 6) header.sourceMac = frame.subarray(at + 8, at + 14);
        break;
      case NFULA_PAYLOAD:
        header.lengthFields.push({ offset: at, little });
        return family === undefined ? `NFLOG of address family ${u8(frame, 0)}` : { family, offset: at + 4, end };
    }
    at += (length + 3) & ~3;
  }
  return "NFLOG without a payload";
}
