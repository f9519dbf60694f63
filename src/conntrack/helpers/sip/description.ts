import type { Address } from "../../tuple.ts";
import { readAddress } from "../address-text.ts";
import { ascii, byteAt, says, saysExactly } from "../text.ts";
import type { Found } from "./headers.ts";
import { isPart } from "./headers.ts";
import { digits, media, sdpAddress, type Measure, type Part, type SipText } from "./lengths.ts";
import { isLineEnd, nextLine } from "./search.ts";

/** A line of a session description that is looked for, and what must stand in it. */
interface Line {
  readonly name: Uint8Array;
  readonly search: Readonly<Record<4 | 6, Uint8Array>> | undefined;
  readonly measure: Measure;
}

const NETWORK = { 4: ascii("IN IP4 "), 6: ascii("IN IP6 ") } as const;

/** Kernel: ct_sdp_hdrs_v4 and ct_sdp_hdrs_v6. */
const LINES: Readonly<Record<LineName, Line>> = {
  version: { name: ascii("v="), search: undefined, measure: digits },
  owner: { name: ascii("o="), search: NETWORK, measure: sdpAddress },
  connection: { name: ascii("c="), search: NETWORK, measure: sdpAddress },
  media: { name: ascii("m="), search: undefined, measure: media },
};

/** One of the lines that the helper reads. */
export type LineName = "version" | "owner" | "connection" | "media";

/** The first line of a name that begins behind `from` and before a line of the other name (nf_conntrack_sip.c, ct_sip_get_sdp_header). */
export function getLine(text: SipText, from: number, name: LineName, before?: LineName): Found {
  const { bytes, end, family } = text;
  const { name: own, search, measure }: Line = LINES[name];
  const stop = before && LINES[before].name;
  for (let at = from; at < end; at++) {
    if (!isLineEnd(byteAt(bytes, at))) continue;
    const line = nextLine(bytes, at, end);
    if (line === undefined) return "none";
    at = line;
    if (stop !== undefined && end - at >= stop.length && says(bytes, at, stop)) return "none";
    if (end - at < own.length || !says(bytes, at, own)) continue;
    const value = at + own.length;
    const place = search === undefined ? value : findInLine(bytes, value, end, search[family]);
    if (place === undefined) return { bad: value };
    const part = measure(text, place + (search?.[family].length ?? 0));
    return part.length === 0 ? { bad: value } : part;
  }
  return "none";
}

/** Kernel: ct_sdp_header_search. */
function findInLine(bytes: Uint8Array, from: number, end: number, text: Uint8Array): number | undefined {
  for (let at = from; at < end - text.length && !isLineEnd(byteAt(bytes, at)); at++) if (saysExactly(bytes, at, text)) return at;
  return undefined;
}

/** The address of a connection line (ct_sip_parse_sdp_addr). */
export function getLineAddress(
  text: SipText,
  from: number,
  name: LineName,
  before: LineName,
): (Part & { readonly address: Address }) | undefined {
  const found = getLine(text, from, name, before);
  if (!isPart(found)) return undefined;
  const read = readAddress(text.bytes, found.at, found.at + found.length, text.family);
  return read && { ...found, address: read.address };
}
