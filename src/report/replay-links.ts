import type { Host } from "../host/index.ts";
import type { CapturedPacket } from "../packet/index.ts";
import { entrance, type EntryHints } from "./replay-entry.ts";

/** Is a packet of so many bytes, captured on that interface, longer than any frame there? */
export function mergedTest({ interfaces }: Host): (length: number, device: string) => boolean {
  const mtus = new Map(interfaces.map(({ name, mtu }) => [name, mtu]));
  return (length, device) => length > (mtus.get(device) ?? LARGEST);
}

/** The most that an IP packet can hold, in bytes. */
const LARGEST = 65_535;

/**
 * The host, whose links carry packets of any length when the capture's beginning has some that are longer than the frames of their
 * link. Captures show segments before the network card cuts them or after it merged them, and the kernel then asks the length of the
 * parts (ip_forward.c, ip_exceeds_mtu; skb_gso_validate_network_len), which no capture tells.
 */
export function linksFor(host: Host, beginning: readonly CapturedPacket[], hints: EntryHints): Host {
  const enter = entrance(host, hints);
  const merged = mergedTest(host);
  const some = beginning.some(packet => {
    if (packet.network === undefined) return false;
    const entry = enter(packet, packet.network);
    return entry.way !== "skip" && merged(packet.network.bytes.length, entry.device);
  });
  if (!some) return host;
  return {
    ...host,
    interfaces: host.interfaces.map(device => ({ ...device, mtu: Math.max(device.mtu, LARGEST) })),
    routes: host.routes.map(route => (route.mtu === undefined ? route : { ...route, mtu: LARGEST })),
  };
}
