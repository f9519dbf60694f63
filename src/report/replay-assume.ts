import { LOOPBACK, TABLE, type Host, type Interface, type InterfaceAddress, type Route } from "../host/index.ts";
import {
  dissect,
  isFault,
  LINK_TYPE,
  macAt,
  maskLength,
  printAddress,
  printPrefix,
  u128,
  u32,
  type CapturedPacket,
  type Prefix,
} from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import type { ComesFrom, EntryHints } from "./replay-entry.ts";
import { sourceIsClient } from "./replay-flow.ts";

/**
 * A machine for a capture that came without one, from the capture's beginning: with `from`, a router between the networks named;
 * else the machine whose address takes part in most packets, behind one interface. Every guess stands in `assumed`.
 */
export function assumeCaptureHost(
  beginning: readonly CapturedPacket[],
  rulesets: readonly (Ruleset | undefined)[],
  hints: EntryHints,
): Host {
  const { from = [] } = hints;
  if (from.length > 0) return routerBetween(from, hints.in);
  const named = beginning.find(({ interfaceName }) => interfaceName !== undefined && isName(interfaceName))?.interfaceName;
  const ruled = hints.in === undefined && named === undefined ? mostNamed(rulesets) : undefined;
  const device = hints.in ?? named ?? ruled ?? "eth0";
  const assumed: string[] = [];
  if (hints.in === undefined)
    assumed.push(
      `packets come in on ${device}${named !== undefined ? ", as the capture says" : ruled !== undefined ? ", which the rules name most" : ""} (--in)`,
    );
  const addresses: InterfaceAddress[] = [];
  let mac: number | undefined;
  for (const family of [4, 6] as const) {
    const best = busiest(beginning, family);
    if (best === undefined) continue;
    const { address, packets, total } = best;
    const prefixLength = family === 4 ? 24 : 64;
    addresses.push({ family, address, prefixLength });
    const busy = packets * 2 >= total;
    if (busy) mac ??= hardwareAddress(beginning, family, address);
    const text = `${printAddress(address)} is this machine's own, for it takes part in ${packets === total ? "all" : packets} of the first ${total} ${family === 4 ? "IPv4" : "IPv6"} packets`;
    assumed.push(`${text} (--if ${device}=${printAddress(address)}/${prefixLength})`);
    if (!busy)
      assumed.push("that is less than half of them, as at a router, for which --from NETWORK=INTERFACE or --if and --route say more");
  }
  assumed.push(`everything else is reached by ${device}`, "forwarding is on");
  const main: Interface = { ...interfaceOf(device, addresses), ...(mac !== undefined && { mac }) };
  const routes = ([4, 6] as const).map(family => route(family, zero(family), 0, device));
  return { interfaces: [LOOPBACK, main], routes, rules: [], sysctls: FORWARDING, assumed };
}

const interfaceOf = (name: string, addresses: readonly InterfaceAddress[]): Interface => ({
  name,
  link: "ethernet",
  up: true,
  mtu: 1500,
  addresses,
});

const zero = (family: Family): Scalar => (family === 4 ? 0 : 0n);

const route = (family: Family, destination: Scalar, prefixLength: number, device: string): Route => ({
  family,
  table: TABLE.MAIN,
  type: "unicast",
  destination,
  prefixLength,
  device,
  metric: 0,
});

const FORWARDING: ReadonlyMap<string, number> = new Map([
  ["net.ipv4.ip_forward", 1],
  ["net.ipv6.conf.all.forwarding", 1],
]);

/** Sources and destinations are on the same sides; the machine's own addresses are of the documentation ranges, which no capture should have. */
function routerBetween(from: readonly ComesFrom[], input: string | undefined): Host {
  const names = [...new Set([...from.map(({ device }) => device), ...(input === undefined ? [] : [input])])].filter(name => name !== "lo");
  const interfaces = names.map((name, index) =>
    interfaceOf(name, [
      { family: 4, address: 0xc0000201 + (index & 0xff), prefixLength: 32 },
      { family: 6, address: (0x20010db8n << 96n) + BigInt(index + 1), prefixLength: 128 },
    ]),
  );
  const routes = from.map(({ prefix, device }) => route(prefix.family, prefix.address, lengthOf(prefix), device));
  for (const family of [4, 6] as const) {
    if (routes.some(each => each.family === family && each.prefixLength === 0)) continue;
    routes.push(route(family, zero(family), 0, input ?? names.at(-1) ?? "lo"));
  }
  const assumed = [
    `no address of the capture is this machine's own: it routes between ${names.join(" and ")}, with 192.0.2.1 and so on as its own addresses (--if, --route)`,
    ...from.map(({ prefix, device }) => `${printPrefix(prefix)} is reached by ${device}`),
  ];
  return { interfaces: [LOOPBACK, ...interfaces], routes, rules: [], sysctls: FORWARDING, assumed };
}

/** Masks with holes make no route: a flag's prefix has none. */
const lengthOf = ({ mask }: Prefix): number => maskLength(mask) ?? 0;

/** What the kernel takes for the name of a device (dev.c, dev_valid_name). */
function isName(text: string): boolean {
  return (
    text.length > 0 &&
    text.length < 16 &&
    text !== "." &&
    text !== ".." &&
    [...text].every(char => char > " " && char !== "/" && char !== ":" && char < "\x7f")
  );
}

/** The interface that rules name most as the one packets come in on; `eth+` stands for eth0. */
function mostNamed(rulesets: readonly (Ruleset | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const ruleset of rulesets)
    for (const { chains } of ruleset?.tables.values() ?? [])
      for (const { rules } of chains.values())
        for (const { header } of rules) {
          const test = header.inInterface;
          if (test === undefined || test.invert || test.name === "" || test.name === "lo") continue;
          const name = test.wildcard ? `${test.name}0` : test.name;
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** The unicast address that takes part in most packets; of equals the one that a session was opened to. */
function busiest(beginning: readonly CapturedPacket[], family: Family): { address: Scalar; packets: number; total: number } | undefined {
  const counts = new Map<Scalar, number>();
  const served = new Map<Scalar, number>();
  let total = 0;
  for (const { network, linkType } of beginning) {
    if (network?.family !== family || network.bytes.length < (family === 4 ? 20 : 40)) continue;
    const { bytes, pkttype } = network;
    const source = addressAt(bytes, family, 0);
    const destination = addressAt(bytes, family, 1);
    total++;
    const cooked = linkType === LINK_TYPE.COOKED || linkType === LINK_TYPE.COOKED_V2;
    // A cooked header says on which side of the packet the capturing machine was.
    const sides = !cooked ? [source, destination] : pkttype === "outgoing" ? [source] : [destination];
    for (const address of new Set(sides)) if (isUnicast(address)) counts.set(address, (counts.get(address) ?? 0) + 1);
    const layout = dissect(bytes);
    const server = isFault(layout) || sourceIsClient(bytes, layout) ? destination : source;
    served.set(server, (served.get(server) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted(([a, x], [b, y]) => y - x || (served.get(b) ?? 0) - (served.get(a) ?? 0));
  return best && { address: best[0], packets: best[1], total };
}

const addressAt = (bytes: Uint8Array, family: Family, end: 0 | 1): Scalar =>
  family === 4 ? u32(bytes, 12 + end * 4) : u128(bytes, 8 + end * 16);

function isUnicast(address: Scalar): boolean {
  if (typeof address === "bigint") return address > 1n && address >> 120n !== 0xffn && address >> 118n !== 0x3fan;
  const top = address >>> 24;
  return top !== 0 && top !== 127 && top < 224;
}

/** The hardware address that an address of ours has in every Ethernet frame; undefined when frames disagree or have none. */
function hardwareAddress(beginning: readonly CapturedPacket[], family: Family, own: Scalar): number | undefined {
  const seen = new Set<number>();
  for (const { network, linkType } of beginning) {
    if (network?.family !== family || linkType !== LINK_TYPE.ETHERNET || network.bytes.length < (family === 4 ? 20 : 40)) continue;
    const { sourceMac, destinationMac, bytes } = network;
    if (sourceMac === undefined || destinationMac === undefined) continue;
    if (addressAt(bytes, family, 0) === own) seen.add(macAt(sourceMac));
    else if (addressAt(bytes, family, 1) === own && (destinationMac[0] ?? 0) % 2 === 0) seen.add(macAt(destinationMac));
  }
  const [mac] = seen;
  return seen.size === 1 && mac !== 0 ? mac : undefined;
}
