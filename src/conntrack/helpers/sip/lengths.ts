import { readAddress, type AddressText } from "../address-text.ts";
import { byteAt, decimal, isAlpha, isDigit, type Parsed } from "../text.ts";

/** The text of a message: `bytes` from `start` to `end`. */
export interface SipText {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly family: 4 | 6;
}

/** Part of a message: an offset in the packet, and a length. */
export interface Part {
  readonly at: number;
  readonly length: number;
}

/** Finds what a header is asked for at an offset; nothing is a length of 0 (the match_len functions of nf_conntrack_sip.c). */
export type Measure = (text: SipText, at: number) => Part;

const OPEN = 0x5b;
const CLOSE = 0x5d;
const COLON = 0x3a;
const AT = 0x40;
const CR = 0x0d;
const LF = 0x0a;

/** The offset behind the letters, or digits, that stand at one. */
export function skipWhile({ bytes, end }: SipText, from: number, is: (byte: number) => boolean): number {
  let at = from;
  while (at < end && is(byteAt(bytes, at))) at++;
  return at;
}

export const digits: Measure = (text, at) => ({ at, length: skipWhile(text, at, isDigit) - at });

/** An address; in IPv6 in brackets, which may be left out unless `bracketed` (sip_parse_addr). */
export function readSipAddress({ bytes, end, family }: SipText, at: number, bracketed: boolean): AddressText | undefined {
  if (family === 4) return readAddress(bytes, at, end, 4);
  const open = at < end && byteAt(bytes, at) === OPEN;
  if (!open && bracketed) return undefined;
  const read = readAddress(bytes, open ? at + 1 : at, end, 6);
  if (read === undefined) return undefined;
  const closed = read.end < end && byteAt(bytes, read.end) === CLOSE;
  if (!closed && bracketed) return undefined;
  return closed ? { ...read, end: read.end + 1 } : read;
}

/** An address with its port, which must be a good one (epaddr_len). */
export const endpoint: Measure = (text, at) => {
  const read = readSipAddress(text, at, true);
  const port = read && readPort(text, read.end);
  return { at, length: port === undefined ? 0 : port.end - at };
};

/** Port of a SIP server when none is written. */
export const SIP_PORT = 5060;
const LEAST_PORT = 1024;
const MOST_PORT_DIGITS = 5;

/**
 * The port behind an address, or SIP's own where no colon follows; undefined for one that is privileged, too long, or at the very end of the
 * text, where more digits may be missing (sip_parse_port).
 */
export function readPort(text: SipText, at: number): Parsed | undefined {
  if (at >= text.end) return undefined;
  if (byteAt(text.bytes, at) !== COLON) return { value: SIP_PORT, end: at };
  const end = skipWhile(text, at + 1, isDigit);
  if (end >= text.end || end - at - 1 > MOST_PORT_DIGITS) return undefined;
  const { value } = decimal(text.bytes, at + 1);
  return value < LEAST_PORT || value > 0xffff ? undefined : { value, end };
}

const MOST_DIGITS = 11;

/** The digits at an offset, before `limit`; undefined where there are none, too many, or more than 32 bits (sip_strtouint). */
export function readNumber(bytes: Uint8Array, at: number, limit: number): Parsed | undefined {
  let value = 0;
  let end = at;
  for (; end < limit && isDigit(byteAt(bytes, end)); end++) {
    value = value * 10 + byteAt(bytes, end) - 0x30;
    if (end - at >= MOST_DIGITS || value > 0xffffffff) return undefined;
  }
  return end === at ? undefined : { value, end };
}

/** The same behind `user@`, if that is there (skp_epaddr_len). */
export const userEndpoint: Measure = (text, at) => {
  const { bytes, end } = text;
  const stop = skipWhile(text, at, byte => byte !== AT && byte !== CR && byte !== LF);
  return endpoint(text, stop < end && byteAt(bytes, stop) === AT ? stop + 1 : at);
};

/** A kind of media and its port (media_len). */
export const media: Measure = (text, at) => {
  const kind = skipWhile(text, at, isAlpha);
  if (kind >= text.end || byteAt(text.bytes, kind) !== 0x20) return { at, length: 0 };
  return { at, length: skipWhile(text, kind + 1, isDigit) - at };
};

/** An address in a session description (sdp_addr_len). */
export const sdpAddress: Measure = ({ bytes, end, family }, at) => {
  const read = readAddress(bytes, at, end, family);
  return { at, length: read === undefined ? 0 : read.end - at };
};
