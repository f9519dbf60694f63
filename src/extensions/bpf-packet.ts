import { u16, u8, u32 } from "../packet/index.ts";
import type { Facts, Moment } from "../predicate/index.ts";
import { AD, ANCILLARY, FROM_LINK, FROM_NETWORK } from "./bpf-codes.ts";

const ETHERTYPE = { 4: 0x0800, 6: 0x86dd } as const;
const ETHERNET = 14;
/** Kernel: ARPHRD_ETHER, ARPHRD_LOOPBACK, ARPHRD_NONE. */
const LINK_TYPE = { ethernet: 1, loopback: 772, none: 65534 } as const;

/** `size` bytes (1, 2 or 4) at an offset; undefined where the packet has none, on which a program ends. Kernel: net/core/filter.c, bpf_skb_load_helper_32. */
export function loadBytes(facts: Facts, offset: number, size: number): number | undefined {
  if (offset < 0x80000000) return readAt(facts.bytes, offset, size, facts.end);
  if (offset >= FROM_NETWORK) return readAt(facts.bytes, offset - FROM_NETWORK, size, facts.end);
  return offset >= FROM_LINK ? loadLink(facts, offset - FROM_LINK, size) : undefined;
}

function readAt(bytes: Uint8Array, at: number, size: number, end: number): number | undefined {
  if (at + size > end) return undefined;
  return size === 1 ? u8(bytes, at) : size === 2 ? u16(bytes, at) : u32(bytes, at);
}

/** The link's header, where the packet came over one: without hardware addresses it is the packet itself. The destination in it is not known and 0. */
function loadLink(facts: Facts, at: number, size: number): number | undefined {
  if (facts.value("iif") === "") return undefined;
  const mac = facts.value("mac");
  if (typeof mac !== "number") return readAt(facts.bytes, at, size, facts.end);
  if (at >= ETHERNET) return readAt(facts.bytes, at - ETHERNET, size, facts.end);
  if (at + size > facts.end + ETHERNET) return undefined;
  let value = 0;
  for (let i = at; i < at + size; i++) value = value * 256 + linkByte(mac, facts, i);
  return value;
}

function linkByte(mac: number, { family, bytes }: Facts, at: number): number {
  if (at >= ETHERNET) return u8(bytes, at - ETHERNET);
  if (at < 6) return 0;
  return at < 12 ? Math.floor(mac / 2 ** (8 * (11 - at))) % 256 : (ETHERTYPE[family] >> (8 * (13 - at))) & 0xff;
}

/** What the kernel knows of a packet beside its bytes; undefined ends the program. Hash, queue and VLAN are 0. Kernel: net/core/filter.c, convert_bpf_extensions. */
export function loadAncillary(facts: Facts, moment: Moment, offset: number, a: number, x: number): number | undefined {
  const numeric = (value: unknown): number => (typeof value === "number" ? value : 0);
  switch (offset - ANCILLARY) {
    case AD.PROTOCOL:
      return ETHERTYPE[facts.family];
    case AD.PKTTYPE:
      return numeric(facts.value("pkttype"));
    case AD.MARK:
      return numeric(facts.value("mark"));
    case AD.CPU:
      return numeric(facts.value("cpu"));
    case AD.RANDOM:
      return moment.random() >>> 0;
    case AD.ALU_XOR_X:
      return (a ^ x) >>> 0;
    case AD.PAY_OFFSET:
      return payloadOffset(facts);
    case AD.IFINDEX:
      return facts.value("iif") === "lo" ? 1 : facts.value("iif") === "" ? undefined : 0;
    case AD.HATYPE:
      return linkType(facts);
    case AD.NLATTR:
      return findAttribute(facts.bytes, a, facts.end, x);
    case AD.NLATTR_NEST:
      return findNested(facts.bytes, a, facts.end, x);
    default:
      return 0;
  }
}

function linkType({ value }: Facts): number | undefined {
  if (value("iif") === "lo") return LINK_TYPE.loopback;
  if (value("iif") === "") return undefined;
  return value("mac") === undefined ? LINK_TYPE.none : LINK_TYPE.ethernet;
}

/** Bytes of the headers that stand for themselves. Kernel: net/core/flow_dissector.c, __skb_get_poff. */
const TRANSPORT_HEADERS: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 8],
  [17, 8],
  [33, 12],
  [58, 8],
  [132, 12],
  [136, 8],
]);

function payloadOffset({ value, bytes, l4, end }: Facts): number {
  if (value("fragoff") !== 0) return l4;
  const protocol = value("protocol");
  if (protocol === 6) return l4 + 12 < end ? l4 + Math.max(20, (u8(bytes, l4 + 12) >> 4) * 4) : l4;
  return l4 + (typeof protocol === "number" ? (TRANSPORT_HEADERS.get(protocol) ?? 0) : 0);
}

/** Offset of a netlink attribute of a type from `at` on, 0 without. Numbers are little-endian. Kernel: lib/nlattr.c, nla_find. */
function findAttribute(bytes: Uint8Array, at: number, end: number, type: number): number {
  const short = (place: number): number => u8(bytes, place) | (u8(bytes, place + 1) << 8);
  for (let place = at; place + 4 <= end;) {
    const length = short(place);
    if (length < 4 || place + length > end) return 0;
    if ((short(place + 2) & 0x3fff) === type) return place;
    place += (length + 3) & ~3;
  }
  return 0;
}

function findNested(bytes: Uint8Array, at: number, end: number, type: number): number {
  if (at + 4 > end) return 0;
  const length = u8(bytes, at) | (u8(bytes, at + 1) << 8);
  return at + length > end ? 0 : findAttribute(bytes, at + 4, at + length, type);
}
