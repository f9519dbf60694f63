import { PROTOCOL, u16, u32, u8 } from "../packet/index.ts";
import type { PacketState } from "./packet-state.ts";

/** Bytes that the kernel reads of each header at once: a shorter one counts as missing. */
const AH_HEADER = 12;
const ESP_HEADER = 8;
const IPCOMP_HEADER = 4;
const DCCP_HEADER = 12;
const MH_HEADER = 6;
const FRAGMENT_HEADER = 8;

/** Offset of a transport header of which `length` bytes are there; undefined in later fragments. */
function transport({ layout }: PacketState, protocol: number, length: number): number | undefined {
  return layout.protocol === protocol && layout.fragmentOffset === 0 && layout.l4 + length <= layout.totalLength ? layout.l4 : undefined;
}

/** Kernel: ipt_ah.c, ah_mt; ip6t_ah.c, ah_mt6, which looks for the header along the chain. */
export function authenticationSpi(packet: PacketState): number | undefined {
  const at = packet.family === 4 ? transport(packet, PROTOCOL.AH, AH_HEADER) : extension(packet, PROTOCOL.AH, AH_HEADER);
  return at === undefined ? undefined : u32(packet.bytes, at + 4);
}

/** Kernel: xt_esp.c, esp_mt. */
export function encryptionSpi(packet: PacketState): number | undefined {
  const at = transport(packet, PROTOCOL.ESP, ESP_HEADER);
  return at === undefined ? undefined : u32(packet.bytes, at);
}

/** Kernel: xt_ipcomp.c, comp_mt. */
export function compressionIndex(packet: PacketState): number | undefined {
  const at = transport(packet, IPCOMP, IPCOMP_HEADER);
  return at === undefined ? undefined : u16(packet.bytes, at + 2);
}

const IPCOMP = 108;

/** Kernel: xt_dccp.c, match_types. */
export function dccpType(packet: PacketState): number | undefined {
  const at = transport(packet, PROTOCOL.DCCP, DCCP_HEADER);
  return at === undefined ? undefined : (u8(packet.bytes, at + 8) >> 1) & 15;
}

/** Kernel: ip6t_mh.c, mh_mt6. */
export function mobilityType(packet: PacketState): number | undefined {
  const at = packet.family === 6 ? transport(packet, PROTOCOL.MH, MH_HEADER) : undefined;
  return at === undefined ? undefined : u8(packet.bytes, at + 2);
}

/** Kernel: ip6t_frag.c, frag_mt6. */
export function fragmentId(packet: PacketState): number | undefined {
  const at = extension(packet, PROTOCOL.FRAGMENT, FRAGMENT_HEADER);
  return at === undefined ? undefined : u32(packet.bytes, at + 4);
}

/** The first IPv6 extension header of a kind, where so many bytes of it are there. Kernel: exthdrs_core.c, ipv6_find_hdr. */
function extension({ layout }: PacketState, protocol: number, length: number): number | undefined {
  const header = layout.extensions.find(each => each.protocol === protocol);
  return header !== undefined && header.offset + length <= layout.totalLength ? header.offset : undefined;
}

/** Bits of ip6t_ipv6header.h. */
const SEEN = { PROTOCOL: 1, NONE: 2, ESP: 4, AH: 8, FRAGMENT: 16, ROUTING: 32, DESTINATION: 64, HOP_BY_HOP: 128 } as const;

const SEEN_BY_PROTOCOL: Readonly<Record<number, number>> = {
  [PROTOCOL.HOPOPTS]: SEEN.HOP_BY_HOP,
  [PROTOCOL.ROUTING]: SEEN.ROUTING,
  [PROTOCOL.FRAGMENT]: SEEN.FRAGMENT,
  [PROTOCOL.AH]: SEEN.AH,
  [PROTOCOL.DSTOPTS]: SEEN.DESTINATION,
};

/** The walk of ip6t_ipv6header.c, ipv6header_mt6, which takes later fragments for whole packets. */
export function extensionHeaders({ family, bytes, layout }: PacketState): number | undefined {
  if (family !== 6) return undefined;
  const end = layout.totalLength;
  let seen = 0;
  let next = u8(bytes, 6);
  for (let at = 40; at <= end;) {
    if (next === PROTOCOL.NONE) return seen | SEEN.NONE;
    const bit = SEEN_BY_PROTOCOL[next];
    if (next !== PROTOCOL.ESP && bit === undefined) break;
    if (at + 2 > end) return undefined;
    if (next === PROTOCOL.ESP) return seen | SEEN.ESP;
    seen |= bit ?? 0;
    const units = u8(bytes, at + 1);
    const length = next === PROTOCOL.FRAGMENT ? 8 : next === PROTOCOL.AH ? (units + 2) * 4 : (units + 1) * 8;
    next = u8(bytes, at);
    at += length;
  }
  return next === PROTOCOL.NONE || next === PROTOCOL.ESP ? seen : seen | SEEN.PROTOCOL;
}
