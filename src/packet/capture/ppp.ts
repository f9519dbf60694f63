import { u16, u8 } from "../bytes.ts";
import { etherTypeName, pppProtocolName } from "./link-names.ts";
import type { Carried, LinkHeader } from "./link-header.ts";

/** Version and type, code, session, length, in bytes. */
const PPPOE_HEADER = 6;

/** A PPPoE session packet at `at` (RFC 2516). */
export function decodePppoe(frame: Uint8Array, at: number, header: LinkHeader): Carried {
  if (frame.length < at + PPPOE_HEADER) return "the frame ends inside its PPPoE header";
  if (u8(frame, at) !== 0x11) return `PPPoE version and type 0x${u8(frame, at).toString(16)}`;
  if (u8(frame, at + 1) !== 0) return `PPPoE code 0x${u8(frame, at + 1).toString(16)}`;
  header.lengthFields.push({ offset: at + 4, little: false });
  const carried = decodePpp(frame, at + PPPOE_HEADER);
  return typeof carried === "string" ? carried : { ...carried, end: at + PPPOE_HEADER + u16(frame, at + 4) };
}

/** PPP at `at` (RFC 1661): address and control may be missing, and the protocol may be one byte. */
export function decodePpp(frame: Uint8Array, at: number): Carried {
  if (frame.length >= at + 2 && u16(frame, at) === 0xff03) at += 2;
  const compressed = frame.length > at && (u8(frame, at) & 1) === 1;
  const offset = at + (compressed ? 1 : 2);
  if (frame.length < offset) return "the frame ends inside its PPP header";
  const protocol = compressed ? u8(frame, at) : u16(frame, at);
  if (protocol === 0x0021) return { family: 4, offset };
  if (protocol === 0x0057) return { family: 6, offset };
  return pppProtocolName(protocol);
}

/** A serial line: PPP in HDLC-like framing, or Cisco's HDLC when the address is one of Cisco's. */
export function decodePppSerial(frame: Uint8Array): Carried {
  return frame[0] === 0x0f || frame[0] === 0x8f ? decodeCiscoHdlc(frame) : decodePpp(frame, 0);
}

/** Cisco's HDLC: address, control, EtherType. */
export function decodeCiscoHdlc(frame: Uint8Array): Carried {
  if (frame.length < 4) return "the frame ends inside its HDLC header";
  const type = u16(frame, 2);
  if (type === 0x0800) return { family: 4, offset: 4 };
  if (type === 0x86dd) return { family: 6, offset: 4 };
  return etherTypeName(type);
}
