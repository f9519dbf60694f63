import { Router, type Host, type Interface } from "../host/index.ts";
import {
  LINK_TYPE,
  macAt,
  maskLength,
  prefixContains,
  u128,
  u32,
  type CapturedPacket,
  type FrameKind,
  type NetworkPacket,
  type Prefix,
} from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";

/** Sources that come in on an interface. */
export interface ComesFrom {
  readonly prefix: Prefix;
  readonly device: string;
}

/** What was said of where packets come in. */
export interface EntryHints {
  /** The interface of whatever nothing else is known of. */
  readonly in?: string | undefined;
  /** The longest prefix wins. */
  readonly from?: readonly ComesFrom[] | undefined;
}

/** How a captured packet takes part: it comes in, this machine sends it, or it is none of its business. */
export type Entry =
  | { readonly way: "in"; readonly device: string; readonly pkttype: number }
  /** `device` is where its destination is reached, for words only. */
  | { readonly way: "sent"; readonly device: string }
  | { readonly way: "skip"; readonly reason: string };

/** Why a packet that the machine passed on is not run a second time. */
export const SEEN_AGAIN_REASON = "already passed on: seen again on its way out";
const SEEN_AGAIN: Entry = { way: "skip", reason: SEEN_AGAIN_REASON };
const ANOTHERS: Entry = { way: "skip", reason: "for another machine's hardware address" };

/** The numbers of skb->pkt_type (if_packet.h). */
const PKTTYPE: Readonly<Record<FrameKind, number>> = { host: 0, broadcast: 1, multicast: 2, otherhost: 3, outgoing: 4 };

/** Sources whose way in is remembered, at most. */
const MEMORY = 65_536;

/** Decides for each packet of a capture at this host which way it goes. */
export function entrance(host: Host, hints: EntryHints): (packet: CapturedPacket, network: NetworkPacket) => Entry {
  const router = new Router(host);
  const own = new Set(host.interfaces.flatMap(({ mac, link }) => (mac !== undefined && link === "ethernet" ? [mac] : [])));
  const from = (hints.from ?? []).toSorted((a, b) => lengthOf(b.prefix) - lengthOf(a.prefix));
  const single = singleInterface(host);
  const memory = new Map<Scalar, { readonly local: boolean; readonly device: string }>();

  const deviceFor = (family: Family, source: Scalar): string => {
    const said = from.find(({ prefix }) => prefix.family === family && prefixContains(prefix, source))?.device ?? hints.in;
    if (said !== undefined) return said;
    const back = router.output({ family, source: undefined, destination: source, mark: 0, tos: 0 });
    return back.to === "device" && back.device.link !== "loopback" ? back.device.name : single;
  };
  const known = (family: Family, source: Scalar): { readonly local: boolean; readonly device: string } => {
    let answer = memory.get(source);
    if (answer === undefined) {
      if (memory.size >= MEMORY) memory.clear();
      memory.set(source, (answer = { local: router.isLocal(family, source), device: deviceFor(family, source) }));
    }
    return answer;
  };

  return (packet, network) => {
    const { family, bytes, pkttype, sourceMac, destinationMac } = network;
    if (bytes.length < (family === 4 ? 20 : 40)) return { way: "in", device: hints.in ?? single, pkttype: 0 };
    const source = family === 4 ? u32(bytes, 12) : u128(bytes, 8);
    const { local, device } = known(family, source);
    const sourceIsOwn = sourceMac !== undefined && own.size > 0 && own.has(macAt(sourceMac));
    if ((sourceIsOwn || pkttype === "outgoing") && !local) return SEEN_AGAIN;
    if (local) {
      const destination = family === 4 ? u32(bytes, 16) : u128(bytes, 24);
      const contradicted =
        pkttype !== "outgoing" && (COOKED.has(packet.linkType) || (sourceMac !== undefined && own.size > 0 && !sourceIsOwn));
      const there = known(family, destination);
      if (!contradicted || there.local) return { way: "sent", device: there.local ? (router.loopback?.name ?? "lo") : there.device };
    }
    const anothers = own.size > 0 && destinationMac !== undefined && (destinationMac[0] ?? 0) % 2 === 0 && !own.has(macAt(destinationMac));
    if (pkttype === "otherhost" || (anothers && !known(family, family === 4 ? u32(bytes, 16) : u128(bytes, 24)).local)) return ANOTHERS;
    return { way: "in", device: onLink(router, packet.interfaceName, network.vlan, device), pkttype: PKTTYPE[pkttype ?? "host"] % 4 };
  };
}

/** Link types whose header says who sent the frame; the one of Ethernet only tells unicast from broadcast. */
const COOKED: ReadonlySet<number> = new Set([LINK_TYPE.COOKED, LINK_TYPE.COOKED_V2, LINK_TYPE.PPP_WITH_DIRECTION]);

/** The interface that the capture names, when the host has it, else the one found otherwise; tagged frames come in on its VLAN interface. */
function onLink({ interfaces }: Router, named: string | undefined, vlan: readonly number[], found: string): string {
  const base = named !== undefined && interfaces.has(named) ? named : found;
  if (vlan.length === 0) return base;
  const tagged = [`${base}.${vlan.join(".")}`, `vlan${vlan.at(-1)}`].find(name => interfaces.has(name));
  return tagged ?? base;
}

/** The first interface that leads somewhere. */
function singleInterface({ interfaces }: Host): string {
  const usable = (device: Interface): boolean => device.link !== "loopback" && device.bridge === undefined;
  return (interfaces.find(device => usable(device) && device.up) ?? interfaces.find(usable) ?? interfaces[0])?.name ?? "lo";
}

const lengthOf = ({ mask }: Prefix): number => maskLength(mask) ?? 0;
