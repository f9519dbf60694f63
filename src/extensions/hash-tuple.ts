import { jhash2, reciprocalScale } from "../conntrack/index.ts";
import { IPV4_HEADER, IPV6_HEADER, PROTOCOL, u128, u16, u32, u8 } from "../packet/index.ts";
import type { Facts, Scalar } from "../predicate/index.ts";

/** What of a packet goes into the hash of HMARK, and how. Kernel: struct xt_hmark_info. */
export interface HashRecipe {
  readonly sourceMask: Scalar;
  readonly destinationMask: Scalar;
  /** Both ports, the source's in the upper half, or an SPI: bits that are kept, then bits that are set. */
  readonly portMask: number;
  readonly portSet: number;
  readonly protocolMask: number;
  readonly seed: number;
  readonly modulus: number;
  readonly offset: number;
  /** Of the connection's original sides rather than of the packet. */
  readonly fromConnection: boolean;
}

/** Kernel: struct hmark_tuple. */
interface Tuple {
  readonly source: number;
  readonly destination: number;
  /** The greater one in the upper half; 0 where there are none. */
  readonly ports: number;
  readonly protocol: number;
}

/** Where a header starts, and whether the packet is a fragment. */
interface LastHeader {
  readonly protocol: number;
  readonly at: number;
  readonly fragment: boolean;
}

const ICMP_HEADER = 8;
/** Destination unreachable, source quench, redirect, time exceeded, parameter problem. */
const ICMP_ERRORS = [3, 4, 5, 11, 12];
const FIRST_ICMPV6_REQUEST = 128;
/** Where a protocol has its ports or its SPI. Kernel: proto_ports_offset. */
const PORTS_AT: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.TCP, 0],
  [PROTOCOL.UDP, 0],
  [PROTOCOL.DCCP, 0],
  [PROTOCOL.ESP, 0],
  [PROTOCOL.SCTP, 0],
  [PROTOCOL.UDPLITE, 0],
  [PROTOCOL.AH, 4],
]);
const MORE_FRAGMENTS_OR_OFFSET = 0x3fff;
const FRAGMENT_HEADER = 8;
/** Headers that the chain goes on after. */
const CHAINED: readonly number[] = [PROTOCOL.HOPOPTS, PROTOCOL.ROUTING, PROTOCOL.FRAGMENT, PROTOCOL.DSTOPTS];

/** The mark of a packet, the same in both directions; undefined where nothing is to hash. Kernel: xt_HMARK.c, hmark_tg_v4 and hmark_tg_v6. */
export function hashMark(facts: Facts, recipe: HashRecipe): number | undefined {
  const tuple = recipe.fromConnection ? connectionTuple(facts, recipe) : facts.family === 4 ? tuple4(facts, recipe) : tuple6(facts, recipe);
  if (!tuple) return undefined;
  const { source, destination, ports, protocol } = tuple;
  const hash = jhash2([Math.min(source, destination), Math.max(source, destination), ports], recipe.seed);
  return (reciprocalScale((hash ^ (protocol & recipe.protocolMask)) >>> 0, recipe.modulus) + recipe.offset) >>> 0;
}

/** Kernel: hmark_ct_set_htuple. */
function connectionTuple(facts: Facts, recipe: HashRecipe): Tuple | undefined {
  const [source, destination, protocol] = [facts.value("ctorigsrc"), facts.value("ctreplsrc"), facts.value("ctproto")];
  if (source === undefined || typeof source === "string" || destination === undefined || typeof destination === "string") return undefined;
  const port = (field: "ctorigsrcport" | "ctreplsrcport"): number => Number(facts.value(field) ?? 0);
  return {
    source: fold(source, recipe.sourceMask),
    destination: fold(destination, recipe.destinationMask),
    ports: protocol === PROTOCOL.ICMP ? 0 : ordered(((port("ctorigsrcport") << 16) | port("ctreplsrcport")) >>> 0, recipe),
    protocol: Number(protocol),
  };
}

/** Kernel: hmark_pkt_set_htuple_ipv4; of an ICMP error the packet inside counts. */
function tuple4({ bytes, end }: Facts, recipe: HashRecipe): Tuple | undefined {
  let at = 0;
  const icmp = (u8(bytes, 0) & 0x0f) * 4;
  if (u8(bytes, 9) === PROTOCOL.ICMP && icmp + ICMP_HEADER <= end && ICMP_ERRORS.includes(u8(bytes, icmp))) {
    at = icmp + ICMP_HEADER;
    if (at + IPV4_HEADER > end) return undefined;
  }
  const protocol = u8(bytes, at + 9);
  const portless = protocol === PROTOCOL.ICMP || (u16(bytes, at + 6) & MORE_FRAGMENTS_OR_OFFSET) !== 0;
  return {
    source: fold(u32(bytes, at + 12), recipe.sourceMask),
    destination: fold(u32(bytes, at + 16), recipe.destinationMask),
    ports: portless ? 0 : portsAt(bytes, at + (u8(bytes, at) & 0x0f) * 4, end, protocol, recipe),
    protocol,
  };
}

/** Kernel: hmark_pkt_set_htuple_ipv6; of an ICMPv6 error the packet inside counts. */
function tuple6({ bytes, end }: Facts, recipe: HashRecipe): Tuple | undefined {
  let at = 0;
  let last = lastHeader(bytes, at, end);
  if (!last) return { source: 0, destination: 0, ports: 0, protocol: 0 };
  if (!last.fragment && last.protocol === PROTOCOL.ICMPV6 && last.at + ICMP_HEADER <= end) {
    const type = u8(bytes, last.at);
    if (type !== 0 && type < FIRST_ICMPV6_REQUEST) {
      at = last.at + ICMP_HEADER;
      if (at + IPV6_HEADER > end || u8(bytes, at) >> 4 !== 6) return undefined;
      last = lastHeader(bytes, at, end);
      if (!last) return undefined;
    }
  }
  return {
    source: fold(u128(bytes, at + 8), recipe.sourceMask),
    destination: fold(u128(bytes, at + 24), recipe.destinationMask),
    ports: last.fragment || last.protocol === PROTOCOL.ICMPV6 ? 0 : portsAt(bytes, last.at, end, last.protocol, recipe),
    protocol: last.protocol,
  };
}

/** The header that a chain of extension headers ends with, AH among them; undefined where the chain is cut. Kernel: ipv6_find_hdr with IP6_FH_F_AUTH. */
function lastHeader(bytes: Uint8Array, ip: number, end: number): LastHeader | undefined {
  let protocol = u8(bytes, ip + 6);
  let at = ip + IPV6_HEADER;
  let fragment = false;
  while (CHAINED.includes(protocol)) {
    if (at + (protocol === PROTOCOL.FRAGMENT || protocol === PROTOCOL.ROUTING ? 4 : 2) > end) return undefined;
    const next = u8(bytes, at);
    if (protocol === PROTOCOL.FRAGMENT) {
      fragment = true;
      // A later fragment that starts in the middle of the chain has no last header.
      if (u16(bytes, at + 2) >> 3 !== 0)
        return CHAINED.includes(next) || next === PROTOCOL.AH ? undefined : { protocol: next, at, fragment };
      at += FRAGMENT_HEADER;
    } else at += (u8(bytes, at + 1) + 1) * 8;
    protocol = next;
  }
  return { protocol, at, fragment };
}

/** An address's kept bits in 32 bits. Kernel: hmark_addr_mask. */
function fold(address: Scalar, mask: Scalar): number {
  if (typeof address === "number") return (address & Number(mask)) >>> 0;
  const kept = address & BigInt(mask);
  return Number((kept ^ (kept >> 32n) ^ (kept >> 64n) ^ (kept >> 96n)) & 0xffffffffn);
}

function portsAt(bytes: Uint8Array, l4: number, end: number, protocol: number, recipe: HashRecipe): number {
  const offset = PORTS_AT.get(protocol);
  if (offset === undefined || l4 + offset + 4 > end) return 0;
  return ordered(u32(bytes, l4 + offset), recipe);
}

/** Kernel: hmark_swap_ports. */
function ordered(ports: number, { portMask, portSet }: HashRecipe): number {
  const kept = ((ports & portMask) | portSet) >>> 0;
  const [high, low] = [kept >>> 16, kept & 0xffff];
  return low > high ? ((low << 16) | high) >>> 0 : kept;
}
