import { mask4 } from "../packet/index.ts";
import { isMulticast, scopeOf6 } from "./address-type.ts";
import type { Host, Interface, InterfaceAddress, Scope } from "./host.ts";

const SCOPE_ORDER: Readonly<Record<Scope, number>> = { global: 0, site: 200, link: 253, host: 254 };

/** The scope of an IPv4 address as the kernel would set it when nobody says: loopback addresses are host-wide. */
function scopeOf4(own: InterfaceAddress): number {
  return own.scope === undefined ? (Number(own.address) >>> 24 === 127 ? SCOPE_ORDER.host : SCOPE_ORDER.global) : SCOPE_ORDER[own.scope];
}

/**
 * The IPv4 source address for packets out of `device` towards `next` (0 for anywhere): the first primary address of a wide
 * enough scope, one on the same prefix before the others, and as a last resort any other interface's. Kernel: devinet.c, inet_select_addr.
 */
export function selectAddress4(host: Host, device: Interface, next: number, scope: Scope = "global"): number | undefined {
  let first: number | undefined;
  for (const own of device.addresses) {
    if (own.family !== 4 || own.secondary || scopeOf4(own) > SCOPE_ORDER[scope]) continue;
    const mask = mask4(own.prefixLength);
    if (next === 0 || ((next ^ Number(own.peer ?? own.address)) & mask) === 0) return Number(own.address);
    first ??= Number(own.address);
  }
  if (first !== undefined) return first;
  for (const other of [...host.interfaces].toSorted(loopbackFirst)) {
    if (!other.up) continue;
    for (const own of other.addresses) {
      if (own.family === 4 && !own.secondary && own.scope !== "link" && scopeOf4(own) <= SCOPE_ORDER[scope]) return Number(own.address);
    }
  }
  return undefined;
}

function loopbackFirst(a: Interface, b: Interface): number {
  return Number(b.link === "loopback") - Number(a.link === "loopback");
}

/**
 * The IPv6 source address for packets to `destination` out of `device`: the scope that fits best, not deprecated, on the outgoing
 * interface, with the same policy label, with the longest common prefix. Kernel: addrconf.c, ipv6_dev_get_saddr (RFC 6724).
 */
export function selectAddress6(host: Host, device: Interface | undefined, destination: bigint): bigint | undefined {
  const wanted = scopeOf6(destination);
  const onlyDevice = device !== undefined && (isMulticast(destination) || wanted <= 2);
  let best: { address: bigint; score: readonly number[] } | undefined;
  for (const other of host.interfaces) {
    if (!other.up || (onlyDevice && other.name !== device?.name)) continue;
    for (const own of other.addresses) {
      if (own.family !== 6) continue;
      const address = BigInt(own.address);
      if (isMulticast(address) || address === 0n) continue;
      const score = score6(address, destination, wanted, own.deprecated ?? false, other.name === device?.name);
      if (best === undefined || greater(score, best.score)) best = { address, score };
    }
  }
  return best?.address;
}

/** Greater is better, compared from the left. */
function score6(address: bigint, destination: bigint, wanted: number, deprecated: boolean, onDevice: boolean): readonly number[] {
  const scope = scopeOf6(address);
  return [
    address === destination ? 1 : 0,
    scope >= wanted ? -scope : scope - 128,
    deprecated ? 0 : 1,
    onDevice ? 1 : 0,
    label6(address) === label6(destination) ? 1 : 0,
    commonPrefix(address, destination),
  ];
}

function greater(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

function commonPrefix(a: bigint, b: bigint): number {
  const differing = a ^ b;
  return differing === 0n ? 128 : 128 - differing.toString(2).length;
}

/** Kernel: addrlabel.c, ip6addrlbl_init_table. */
function label6(address: bigint): number {
  if (address === 1n) return 0;
  if (address >> 32n === 0xffffn) return 4;
  if (address >> 32n === 0n) return 3;
  if (address >> 112n === 0x2002n) return 2;
  if (address >> 96n === 0x20010000n) return 6;
  if (address >> 100n === 0x2001001n) return 7;
  if (address >> 121n === 0x7en) return 5;
  if (address >> 118n === 0x3fbn) return 11;
  if (address >> 112n === 0x3ffen) return 12;
  return 1;
}
