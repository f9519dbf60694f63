import { IPV4_MAX, mask4, mask6 } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";

/** Bits of an address. */
export function addressBits(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** The address without the bits behind a prefix of that length. */
export function network(address: Scalar, length: number): Scalar {
  return typeof address === "number" ? (address & mask4(length)) >>> 0 : address & mask6(length);
}

/** The bits that two addresses have in common. */
export function masked(address: Scalar, mask: Scalar): Scalar {
  return typeof address === "number" ? (address & Number(mask)) >>> 0 : address & BigInt(mask);
}

/** The first and last address of a prefix. */
export function spanOf(address: number, length: number): readonly [low: number, high: number] {
  const mask = mask4(length);
  return [(address & mask) >>> 0, (address | ~mask) >>> 0];
}

/**
 * The largest prefix that starts at `from` and does not reach beyond `to`; its last address and its length, 1 to 32. Ends are compared as
 * the kernel does, by the sign of a 32-bit difference. Kernel: pfxlen.c, ip_set_range_to_cidr.
 */
export function prefixWithin(from: number, to: number): { readonly last: number; readonly length: number } {
  for (let length = 1; length < 32; length++) {
    const [low, last] = spanOf(from, length);
    if (low === from && ((to - last) | 0) >= 0) return { last, length };
  }
  return { last: from, length: 32 };
}

/** The whole IPv4 address space. */
export function isEverything(from: number, to: number): boolean {
  return from === 0 && to === IPV4_MAX;
}
