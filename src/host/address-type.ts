import type { Scalar } from "../predicate/index.ts";

/** IPv4 and IPv6 address classes that routing asks for. Addresses are numbers for IPv4 and bigints for IPv6. */

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(address: Scalar): boolean {
  return typeof address === "number" ? address >>> 28 === 0xe : address >> 120n === 0xffn;
}

/** 127.0.0.0/8 or ::1. */
export function isLoopback(address: Scalar): boolean {
  return typeof address === "number" ? address >>> 24 === 127 : address === 1n;
}

/** 0.0.0.0/8; in IPv6 the unspecified address alone. */
export function isZeronet(address: Scalar): boolean {
  return typeof address === "number" ? address >>> 24 === 0 : address === 0n;
}

/** 255.255.255.255. */
export function isLimitedBroadcast(address: Scalar): boolean {
  return address === 0xffffffff;
}

/** fe80::/10. */
export function isLinkLocal(address: Scalar): boolean {
  return typeof address === "bigint" && address >> 118n === 0x3fan;
}

/** The scope of an IPv6 address: 1 interface, 2 link, 5 site, 14 global. Kernel: addrconf.h, ipv6_addr_src_scope. */
export function scopeOf6(address: bigint): number {
  if (address >> 120n === 0xffn) return Number((address >> 112n) & 0xfn);
  if (address >> 118n === 0x3fan) return 2;
  if (address >> 118n === 0x3fbn) return 5;
  return address === 1n ? 2 : 14;
}
