import { parseIpv4, parseMac, printAddress } from "../packet/index.ts";
import { LOOPBACK, type Interface, type InterfaceAddress, type Scope } from "./host.ts";
import { count, items, members, parsed, text, type Reading } from "./json-reader.ts";
import type { JsonEntry, JsonNode } from "./json-text.ts";
import { readAddress, readCount } from "./network-text.ts";

const SCOPES: readonly Scope[] = ["global", "site", "link", "host"];

/** The interfaces of `ip -j addr show`, or of `ip -d -j addr show`, which also tells what a master is. Sentences on what had to be guessed go to `notes`. */
export function readIpInterfaces(reading: Reading, node: JsonNode, notes: string[]): readonly Interface[] {
  return items(reading, node).flatMap(item => {
    const found = members(reading, item);
    const name = text(reading, found?.get("ifname")?.value);
    // ip prints empty objects for what a filter left out.
    if (!found || name === undefined || name === "") return [];
    const flags = items(reading, found.get("flags")?.value).map(flag => text(reading, flag) ?? "");
    const type = text(reading, found.get("link_type")?.value) ?? "ether";
    const link = name === LOOPBACK.name ? LOOPBACK.link : linkOf(type);
    const mac = link === "none" ? undefined : parseMac(plainText(found.get("address")) ?? "");
    const group = readCount(plainText(found.get("group")) ?? "", 0xffffffff);
    const bridge = bridgeOf(reading, name, found, notes);
    return [
      {
        name,
        link,
        ...(mac !== undefined && { mac }),
        up: flags.includes("UP"),
        mtu: count(reading, found.get("mtu")?.value, 0xffffffff) ?? 1500,
        ...(bridge !== undefined && { bridge }),
        ...(group !== undefined && { group }),
        addresses: items(reading, found.get("addr_info")?.value).flatMap(address => readIpAddress(reading, address, name, notes)),
      },
    ];
  });
}

function linkOf(type: string): Interface["link"] {
  return type === "loopback" ? "loopback" : type === "ether" ? "ethernet" : "none";
}

function plainText(entry: JsonEntry | undefined): string | undefined {
  return entry?.value.is === "string" ? entry.value.value : undefined;
}

/** The bridge that an interface is a port of. A master may also be a bond or a VRF: only `ip -d` tells. */
function bridgeOf(reading: Reading, name: string, found: ReadonlyMap<string, JsonEntry>, notes: string[]): string | undefined {
  const master = text(reading, found.get("master")?.value);
  if (master === undefined) return undefined;
  const info = found.get("linkinfo")?.value;
  const kind = info?.is === "object" ? plainText(info.entries.get("info_slave_kind")) : undefined;
  if (kind === undefined) notes.push(`${master}, the master of ${name}, is a bridge`);
  return kind === undefined || kind === "bridge" ? master : undefined;
}

function readIpAddress(reading: Reading, node: JsonNode, device: string, notes: string[]): readonly InterfaceAddress[] {
  const found = members(reading, node);
  // An empty object stands for an address that a filter left out.
  if (!found?.has("local")) return [];
  const local = parsed(reading, found.get("local")?.value, "an address", readAddress);
  const peer = parsed(reading, found.get("address")?.value, "an address", readAddress);
  const prefixLength = count(reading, found.get("prefixlen")?.value, local?.family === 6 ? 128 : 32);
  if (!local || prefixLength === undefined) return [];
  const broadcast = parsed(reading, found.get("broadcast")?.value, "an IPv4 address", parseIpv4);
  const scope = SCOPES.find(each => each === plainText(found.get("scope")));
  const is = (key: string): boolean => plainFlag(found.get(key));
  if (is("tentative")) {
    notes.push(`${printAddress(local.address)} of ${device} does not count: it is still tentative`);
    return [];
  }
  return [
    {
      ...local,
      prefixLength,
      ...(broadcast !== undefined && { broadcast }),
      ...(peer && { peer: peer.address }),
      ...(scope && { scope }),
      ...(is("secondary") && { secondary: true }),
      ...(is("deprecated") && { deprecated: true }),
      ...(is("noprefixroute") && { noPrefixRoute: true }),
    },
  ];
}

function plainFlag(entry: JsonEntry | undefined): boolean {
  return entry?.value.is === "boolean" && entry.value.value;
}
