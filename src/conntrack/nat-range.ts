import { PROTOCOL, u128, u32 } from "../packet/index.ts";
import type { Connection } from "./connection.ts";
import { jhash2, reciprocalScale } from "./jhash.ts";
import type { Manip } from "./manip.ts";
import type { Address, Tuple } from "./tuple.ts";

/** A mapping to choose from, addresses already resolved (struct nf_nat_range2). */
export interface NatRange {
  /** "source" in POSTROUTING and INPUT, "destination" in PREROUTING and OUTPUT. */
  readonly manip: "source" | "destination";
  /** Lowest and highest address; without, the address stays (NF_NAT_RANGE_MAP_IPS is off). */
  readonly addresses?: readonly [low: Address, high: Address] | undefined;
  /** Lowest and highest port (NF_NAT_RANGE_PROTO_SPECIFIED). */
  readonly ports?: readonly [low: number, high: number] | undefined;
  /** Ports keep their distance from this base (NF_NAT_RANGE_PROTO_OFFSET). */
  readonly portBase?: number | undefined;
  readonly random?: boolean | undefined;
  readonly randomFully?: boolean | undefined;
  readonly persistent?: boolean | undefined;
  /** `addresses` is the network's first and last address: host bits stay (NF_NAT_RANGE_NETMAP). */
  readonly netmap?: boolean | undefined;
  /** MASQUERADE: the interface the address was taken from. */
  readonly masqueradeInterface?: string | undefined;
}

/** Would this source, as the tuple has it, do for the range (nf_nat_core.c, nf_in_range)? */
export function sourceInRange(tuple: Tuple, range: NatRange): boolean {
  const { addresses, ports } = range;
  if (addresses !== undefined && (tuple.source < addresses[0] || tuple.source > addresses[1])) return false;
  return ports === undefined || portInRange(tuple, ports, "source");
}

/** Is the port, or id, that would be rewritten in the range? Protocols without one always are (nf_nat_core.c, l4proto_in_range). */
export function portInRange(tuple: Tuple, [low, high]: readonly [number, number], manip: Manip): boolean {
  if (tuple.protocol === PROTOCOL.ICMP || tuple.protocol === PROTOCOL.ICMPV6) return low <= tuple.sourcePort && tuple.sourcePort <= high;
  if (!hasNatPorts(tuple.protocol)) return true;
  const port = manip === "source" ? tuple.sourcePort : tuple.destinationPort;
  return low <= port && port <= high;
}

/** The protocols whose ports, or PPTP call ids, NAT can choose. DCCP is none: Linux 6.17 removed its tracking. */
function hasNatPorts(protocol: number): boolean {
  return (
    protocol === PROTOCOL.TCP ||
    protocol === PROTOCOL.UDP ||
    protocol === PROTOCOL.UDPLITE ||
    protocol === PROTOCOL.SCTP ||
    protocol === PROTOCOL.GRE
  );
}

/**
 * The tuple with the address that the range gives it: of several, one that a hash of both addresses picks, so that a client
 * keeps its address; `persistent` hashes the source alone. Words are hashed as a little-endian machine holds them
 * (nf_nat_core.c, find_best_ips_proto).
 */
export function chooseAddress(tuple: Tuple, range: NatRange, connection: Connection): Tuple {
  const { addresses, manip } = range;
  if (addresses === undefined) return tuple;
  const [low, high] = addresses;
  if (low === high) return withAddress(tuple, manip, low);
  const words = tuple.family === 4 ? 1 : 4;
  const least = addressWords(low, words);
  const most = addressWords(high, words);
  const destination = addressWords(tuple.destination, words);
  const chosen: number[] = [];
  const seed = range.persistent === true ? 0 : swap(destination[words - 1] as number) ^ connection.zone.id;
  const source = addressWords(tuple.source, words).map(swap);
  let hash = jhash2([...source, 0, 0, 0].slice(0, 4), seed);
  let free = false;
  for (let at = 0; at < words; at++) {
    const from = free ? 0 : (least[at] as number);
    const count = free ? 0xffffffff : ((most[at] as number) - from + 1) >>> 0;
    const word = (from + reciprocalScale(hash, count)) >>> 0;
    chosen.push(word);
    if (word !== most[at]) free = true;
    // The kernel mixes in the destination as it stands by now, which is the new one where that is rewritten.
    if (range.persistent !== true) hash = (hash ^ swap(manip === "source" ? (destination[at] as number) : word)) >>> 0;
  }
  return withAddress(tuple, manip, joinWords(chosen));
}

/** NETMAP's address: the network bits of the range and the host bits of the packet at `bytes` (xt_NETMAP.c, netmap_tg4, netmap_tg6). */
export function netmapAddress(bytes: Uint8Array, family: 4 | 6, manip: Manip, [low, high]: readonly [Address, Address]): Address {
  if (family === 4) {
    const host = (Number(low) ^ Number(high)) >>> 0;
    return ((u32(bytes, manip === "source" ? 12 : 16) & host) | (Number(low) & ~host)) >>> 0;
  }
  const host = BigInt(low) ^ BigInt(high);
  return (u128(bytes, manip === "source" ? 8 : 24) & host) | (BigInt(low) & ~host);
}

function withAddress(tuple: Tuple, manip: Manip, address: Address): Tuple {
  return manip === "source" ? { ...tuple, source: address } : { ...tuple, destination: address };
}

/** An address as 32-bit words, most significant first. */
function addressWords(address: Address, words: number): number[] {
  if (words === 1) return [Number(address)];
  const value = BigInt(address);
  return [96n, 64n, 32n, 0n].map(shift => Number((value >> shift) & 0xffffffffn));
}

function joinWords(words: readonly number[]): Address {
  if (words.length === 1) return words[0] as number;
  return words.reduce((address, word) => (address << 32n) | BigInt(word), 0n);
}

/** The word with its bytes in the other order. */
function swap(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}
