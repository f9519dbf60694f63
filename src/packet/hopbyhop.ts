import { u16, u32, u8 } from "./bytes.ts";
import type { Fault } from "./fault.ts";
import { IPV6_HEADER } from "./numbers.ts";

const PAD1 = 0;
const PADN = 1;
const ROUTER_ALERT = 5;
const IOAM = 0x31;
const JUMBO = 0xc2;
/** The kernel's default of net.ipv6.max_hbh_opts_number. */
const MAX_OPTIONS = 8;
/** Padding in a row beyond this many bytes is refused. */
const MAX_PADDING = 7;
const IPV6_MAXPLEN = 65535;

/** What ipv6_parse_hopopts and ip6_parse_tlv (exthdrs.c) refuse in the hop-by-hop header at offset 40, before any hook; undefined when they pass it. */
export function hopByHopFault(bytes: Uint8Array, end: number): Fault | undefined {
  const start = IPV6_HEADER;
  if (start + 8 > end) return { fault: "hop-by-hop header cut", offset: end };
  const stop = start + (u8(bytes, start + 1) + 1) * 8;
  if (stop > end) return { fault: "hop-by-hop header cut", offset: end };
  let padding = 0;
  let options = 0;
  for (let at = start + 2; at < stop;) {
    const type = u8(bytes, at);
    if (type === PAD1) {
      if (++padding > MAX_PADDING) return { fault: "hop-by-hop padding too long", offset: at };
      at++;
      continue;
    }
    if (at + 2 > stop) return { fault: "hop-by-hop option cut", offset: at };
    const length = u8(bytes, at + 1) + 2;
    if (at + length > stop) return { fault: "hop-by-hop option cut", offset: at };
    if (type === PADN) {
      padding += length;
      if (padding > MAX_PADDING) return { fault: "hop-by-hop padding too long", offset: at };
      for (let i = at + 2; i < at + length; i++) if (bytes[i] !== 0) return { fault: "hop-by-hop padding not zero", offset: i };
    } else {
      if (++options > MAX_OPTIONS) return { fault: "too many hop-by-hop options", offset: at };
      const refused = optionFault(bytes, at, end);
      if (refused !== undefined) return { fault: refused, offset: at };
      padding = 0;
    }
    at += length;
  }
  return undefined;
}

function optionFault(bytes: Uint8Array, at: number, end: number): string | undefined {
  const length = u8(bytes, at + 1);
  switch (u8(bytes, at)) {
    case ROUTER_ALERT:
      return length === 2 ? undefined : "router alert option of a wrong length";
    case IOAM:
      return at % 4 === 0 && length >= 2 ? undefined : "malformed IOAM option";
    case JUMBO:
      if (length !== 4 || at % 4 !== 2) return "malformed jumbo option";
      if (u32(bytes, at + 2) <= IPV6_MAXPLEN || u16(bytes, 4) !== 0) return "jumbo option in a packet that is none";
      return u32(bytes, at + 2) > end - IPV6_HEADER ? "jumbo packet cut" : undefined;
    default:
      // The two high bits say what to do with an unknown option: 00 means skip, anything else discards the packet.
      return u8(bytes, at) >> 6 === 0 ? undefined : `unknown hop-by-hop option ${u8(bytes, at)}`;
  }
}
