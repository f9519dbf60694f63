import { encodeUtf8 } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import type { Element } from "./element.ts";
import type { Extensions } from "./extras.ts";
import type { SetType } from "./set-type.ts";

/**
 * How the kernel lays an element out in memory: the 32-bit words that it hashes, as a little-endian machine reads them, and the sizes from which
 * it reckons "Size in memory". Kernel: struct hash_*_elem in ip_set_hash_*.c.
 */
export interface Layout {
  words(element: Element): readonly number[];
  /** Bytes of an element without extensions. */
  readonly size: number;
  readonly align: number;
  /** Bytes of an empty set, without the locks of its hash table. Measured on x86-64, estimated for the types that the kernel at hand lacks. */
  readonly empty: number;
}

/** Prefix lengths share a byte with `nomatch` where there are two, or a port beside one: less one, so that 7 bits do. Kernel: IP_SET_HASH_WITH_NETS_PACKED. */
const packed = (length: number | undefined, bits: number): number => (length ?? bits) - 1;

/** The four bytes, from the lowest. */
const bytes = (a: number, b: number, c: number, d: number): number => (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;

const swapped = (word: number): number => bytes(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);

/** An address in network order. */
function addressWords(address: Scalar | undefined): readonly number[] {
  if (typeof address === "number") return [swapped(address)];
  const value = address ?? 0n;
  return [96n, 64n, 32n, 0n].map(shift => swapped(Number((value >> shift) & 0xffffffffn)));
}

function macWords(mac = 0): readonly number[] {
  const high = Math.floor(mac / 0x10000);
  return [swapped(high), bytes((mac >>> 8) & 255, mac & 255, 0, 0)];
}

/** A port in network order and two bytes behind it. */
function portWord(port: number | undefined, third: number, fourth: number): number {
  const value = port ?? 0;
  return bytes(value >>> 8, value & 255, third, fourth);
}

type Words = (element: Element, bits: number) => readonly number[];

/** For each type: words, size and alignment for IPv4, the same for IPv6, and bytes of an empty set for both. */
const LAYOUTS: Readonly<Record<string, readonly [Words, v4: readonly [number, number, number], v6: readonly [number, number, number]]>> = {
  "hash:ip": [({ ip }) => addressWords(ip), [4, 4, 192], [16, 4, 200]],
  "hash:mac": [({ mac }) => macWords(mac), [8, 4, 184], [8, 4, 184]],
  "hash:ip,mac": [({ ip, mac }) => [...addressWords(ip), ...macWords(mac)], [12, 4, 184], [24, 4, 200]],
  "hash:ip,mark": [({ ip, mark }) => [...addressWords(ip), mark ?? 0], [8, 4, 184], [20, 4, 200]],
  "hash:ip,port": [({ ip, port, protocol }) => [...addressWords(ip), portWord(port, protocol ?? 0, 0)], [8, 4, 192], [20, 4, 208]],
  "hash:ip,port,ip": [
    ({ ip, ip2, port, protocol }) => [...addressWords(ip), ...addressWords(ip2), portWord(port, protocol ?? 0, 0)],
    [12, 4, 184],
    [36, 4, 208],
  ],
  "hash:ip,port,net": [
    ({ ip, ip2, cidr2, port, protocol }, bits) => [
      ...addressWords(ip),
      ...addressWords(ip2),
      portWord(port, packed(cidr2, bits), protocol ?? 0),
    ],
    [12, 4, 440],
    [36, 4, 1232],
  ],
  "hash:net": [
    ({ ip, cidr }, bits) =>
      typeof ip === "number" ? [swapped(ip), bytes(0, 0, 0, cidr ?? bits)] : [...addressWords(ip), bytes(0, 0, 0, cidr ?? bits)],
    [8, 4, 432],
    [20, 4, 1216],
  ],
  "hash:net,net": [
    ({ ip, ip2, cidr, cidr2 }, bits) => [
      ...addressWords(ip),
      ...addressWords(ip2),
      bytes(0, 0, cidr ?? bits, cidr2 ?? bits),
      ...(bits === 32 ? [0] : []),
    ],
    [16, 8, 592],
    [36, 4, 1776],
  ],
  "hash:net,port": [
    ({ ip, cidr, port, protocol }, bits) => [...addressWords(ip), portWord(port, protocol ?? 0, packed(cidr, bits))],
    [8, 4, 432],
    [20, 4, 1216],
  ],
  "hash:net,port,net": [
    ({ ip, ip2, cidr, cidr2, port, protocol }, bits) => [
      ...addressWords(ip),
      ...addressWords(ip2),
      portWord(port, cidr ?? bits, cidr2 ?? bits),
      bytes(0, 0, 0, protocol ?? 0),
    ],
    [16, 8, 592],
    [40, 4, 1776],
  ],
  "hash:net,iface": [
    ({ ip, cidr, physdev }, bits) => [...addressWords(ip), bytes(physdev === true ? 1 : 0, cidr ?? bits, 0, 1)],
    [28, 4, 464],
    [40, 4, 1240],
  ],
};

/** The layout of a hash type's elements in a family. */
export function layoutOf(type: SetType, family: Family | undefined): Layout {
  const row = LAYOUTS[type.name];
  if (!row) throw new Error(`no layout of ${type.name}`);
  const [words, v4, v6] = row;
  const [size, align, empty] = family === 6 ? v6 : v4;
  const bits = family === 6 ? 128 : 32;
  return { words: element => words(element, bits), size, align, empty };
}

/** Bytes of an element of `size` with its extensions, each at its alignment. Kernel: ip_set_core.c, ip_set_elem_len. */
export function elementSize(size: number, align: number, extensions: Extensions): number {
  let length = size;
  let widest = align;
  const add = (bytesOf: number, alignment: number): void => {
    widest = Math.max(widest, alignment);
    length = aligned(length, alignment) + bytesOf;
  };
  if (extensions.counters) add(16, 8);
  if (extensions.timeout !== undefined) add(8, 8);
  if (extensions.skbinfo) add(16, 4);
  if (extensions.comment) add(8, 8);
  return aligned(length, widest);
}

/** Bytes that a comment takes beside its entry. Kernel: struct ip_set_comment_rcu. */
export function commentSize(comment: string): number {
  return comment === "" ? 0 : 17 + encodeUtf8(comment).length;
}

const aligned = (size: number, alignment: number): number => Math.ceil(size / alignment) * alignment;
