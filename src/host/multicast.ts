import type { Interface } from "./host.ts";
import type { Routing } from "./routing.ts";

/** Groups that every IPv6 interface joins, routers' groups when forwarding, and solicited-node groups of its addresses. Kernel: mcast.c, ipv6_chk_mcast_addr. */
export function joined6(routing: Routing, group: bigint, device: Interface): boolean {
  if (group === 0xff02n << 112n || (group & ((1n << 112n) - 1n)) === 1n) {
    const scope = Number((group >> 112n) & 0xfn);
    if (group >> 112n === 0xff02n || scope === 1) return true;
  }
  if (routing.forwards6 && (group === ((0xff01n << 112n) | 2n) || group === ((0xff02n << 112n) | 2n) || group === ((0xff05n << 112n) | 2n)))
    return true;
  if (group >> 24n === ((0xff02n << 88n) | 0x1ffn)) {
    for (const own of device.addresses) if (own.family === 6 && (BigInt(own.address) & 0xffffffn) === (group & 0xffffffn)) return true;
  }
  return device.groups?.includes(group) ?? false;
}
