import { ascii, byteAt, isAlpha, says } from "../text.ts";
import type { Address } from "../../tuple.ts";
import { digits, endpoint, readPort, readSipAddress, skipWhile, userEndpoint, type Measure, type Part, type SipText } from "./lengths.ts";
import { continues, findInHeader, isLineEnd, nextLine, skipBlanks } from "./search.ts";

/** A header that is looked for: its name and short name, what must stand in its value, and what is taken of it. */
interface Header {
  readonly name: Uint8Array;
  readonly short: Uint8Array | undefined;
  readonly search: Uint8Array | undefined;
  readonly measure: Measure;
}

const header = (name: string, short: string | undefined, search: string | undefined, measure: Measure): Header => ({
  name: ascii(name),
  short: short === undefined ? undefined : ascii(short),
  search: search === undefined ? undefined : ascii(search),
  measure,
});

/** Names in lower case (nf_conntrack_sip.c, ct_sip_hdrs). */
const HEADERS: Readonly<Record<HeaderName, ReturnType<typeof header>>> = {
  cseq: header("cseq", undefined, undefined, digits),
  from: header("from", "f", "sip:", userEndpoint),
  to: header("to", "t", "sip:", userEndpoint),
  contact: header("contact", "m", "sip:", userEndpoint),
  viaUdp: header("via", "v", "udp ", endpoint),
  viaTcp: header("via", "v", "tcp ", endpoint),
  expires: header("expires", undefined, undefined, digits),
  contentLength: header("content-length", "l", undefined, digits),
};

/** One of the headers that the helper reads. */
export type HeaderName = "cseq" | "from" | "to" | "contact" | "viaUdp" | "viaTcp" | "expires" | "contentLength";

/** What was found; "none" when there is no such header (any more); or where one is whose value is not understood. */
export type Found = Part | "none" | { readonly bad: number };

/** Tells a part from its absence. */
export const isPart = (found: Found): found is Part => typeof found === "object" && "length" in found;

/** The first header of a name that begins behind `from` (ct_sip_get_header). */
export function getHeader(text: SipText, from: number, name: HeaderName): Found {
  const { bytes, end } = text;
  const { name: long, short, search, measure } = HEADERS[name];
  for (let at = from; at < end; at++) {
    if (!isLineEnd(byteAt(bytes, at))) continue;
    const line = nextLine(bytes, at, end);
    if (line === undefined) return "none";
    at = line;
    if (continues(bytes, at)) continue;
    if (end - at >= long.length && says(bytes, at, long)) at += long.length;
    else if (short !== undefined && end - at >= short.length + 1 && says(bytes, at, short) && !isAlpha(byteAt(bytes, at + short.length)))
      at += short.length;
    else continue;
    const colon = skipBlanks(bytes, at, end);
    if (colon === undefined || byteAt(bytes, colon) !== COLON || colon + 1 >= end) return "none";
    const value = skipBlanks(bytes, colon + 1, end);
    if (value === undefined) return "none";
    const place = search === undefined ? value : findInHeader(bytes, value, end, search);
    if (place === undefined) return { bad: value };
    const part = measure(text, place + (search?.length ?? 0));
    return part.length === 0 ? { bad: value } : part;
  }
  return "none";
}

const COLON = 0x3a;
const COMMA = ascii(",");
const NONE = new Uint8Array(0);

/** The next of several values with commas between them (ct_sip_next_header). */
function nextValue(text: SipText, from: number, name: HeaderName): Found {
  const { search = NONE, measure } = HEADERS[name];
  const comma = findInHeader(text.bytes, from, text.end, COMMA);
  const place = comma === undefined ? undefined : findInHeader(text.bytes, comma, text.end, search);
  if (place === undefined) return "none";
  const part = measure(text, place + search.length);
  return part.length === 0 ? { bad: place + search.length } : part;
}

/** A way through the values of a header, from one call to the next. */
export interface Walk {
  at: number;
  /** Inside a header that may have more values. */
  inside: boolean;
}

/** Kernel: ct_sip_walk_headers. */
function walk(text: SipText, from: number, name: HeaderName, way: Walk | undefined): Part | undefined {
  let at = from;
  if (way?.inside) {
    for (;;) {
      const found = nextValue(text, at, name);
      if (isPart(found)) return found;
      if (found === "none") break;
      at = found.bad;
    }
    way.inside = false;
  }
  for (;;) {
    const found = getHeader(text, at, name);
    if (found === "none") return undefined;
    if (isPart(found)) {
      if (way !== undefined) way.inside = true;
      return found;
    }
    at = found.bad;
  }
}

/** An address and port in a header, and where they stand. */
export interface Uri extends Part {
  readonly address: Address;
  readonly port: number;
}

/**
 * The URI of the first header of a name that has one, or of the next on a walk; "bad" when its address or port is not understood
 * (ct_sip_parse_header_uri).
 */
export function getUri(text: SipText, name: HeaderName, way?: Walk): Uri | "none" | "bad" {
  const part = walk(text, way?.at ?? text.start, name, way);
  if (part === undefined) return "none";
  const read = readSipAddress(text, part.at, true);
  const port = read && readPort(text, read.end);
  if (read === undefined || port === undefined) return "bad";
  if (way !== undefined) way.at = port.end;
  return { ...part, address: read.address, port: port.value };
}

/** The address in a request line (ct_sip_parse_request). */
export function getRequestUri(text: SipText): Uri | undefined {
  const { bytes, start, end } = text;
  const method = skipWhile(text, start, isAlpha);
  if (method === start || method + 1 >= end) return undefined;
  let at = method + 1;
  for (; at < end - SIP_URI.length; at++) {
    if (isLineEnd(byteAt(bytes, at))) return undefined;
    if (says(bytes, at, SIP_URI)) {
      at += SIP_URI.length;
      break;
    }
  }
  const part = userEndpoint(text, at);
  if (part.length === 0) return undefined;
  const read = readSipAddress(text, part.at, true);
  const port = read && readPort(text, read.end);
  if (read === undefined || port === undefined) return undefined;
  return { at: part.at, length: port.end - part.at, address: read.address, port: port.value };
}

const SIP_URI = ascii("sip:");
