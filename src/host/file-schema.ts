import { parseIpv4, parseMac } from "../packet/index.ts";
import type { Family } from "../predicate/index.ts";
import type { HostFault, HostReading, NamedText } from "./fault.ts";
import { LOOPBACK, TABLE, type Host, type Interface, type InterfaceAddress, type Listener, type PolicyRule, type Route } from "./host.ts";
import { complain, count, flag, integer, items, members, parsed, text, word, type Reading } from "./json-reader.ts";
import type { JsonEntry, JsonNode } from "./json-text.ts";
import { networkOf, readAddress, readMark, readNetwork, readPrefix, readRealm, readTable, type Network } from "./network-text.ts";
import { sysctlName } from "./sysctl-text.ts";

/** The version of the format that is written, and the only one that is read. */
export const HOST_FILE_VERSION = 1;

export const ROUTE_TYPES = [
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
] as const;
export const SCOPES = ["global", "site", "link", "host"] as const;

type Members = ReadonlyMap<string, JsonEntry>;
const U32 = 0xffffffff;

/** A host from the one object of a host file. Addresses are texts, tables names or numbers; an address alone may stand for its object. */
export function readHostObject(source: NamedText, node: JsonNode): HostReading<Host> {
  const faults: HostFault[] = [];
  const reading: Reading = { source, faults };
  const value = readHost(reading, node);
  return value === undefined || faults.length > 0 ? { value: undefined, faults } : { value, faults: [] };
}

function readHost(reading: Reading, node: JsonNode): Host | undefined {
  const opening = { start: node.start, end: node.start + 1 };
  const marker = node.is === "object" ? node.entries.get("ferrule")?.value : undefined;
  if (marker?.is !== "string" || marker.value !== "host")
    return complain(reading, marker ?? opening, 'not a host file: expected "ferrule": "host"');
  const version = node.is === "object" ? node.entries.get("version")?.value : undefined;
  if (version?.is !== "number" || version.value !== HOST_FILE_VERSION)
    return complain(reading, version ?? opening, `this version of the format is unknown: expected "version": ${HOST_FILE_VERSION}`);
  const found = members(reading, node, [
    "ferrule",
    "version",
    "interfaces",
    "routes",
    "complete",
    "rules",
    "sysctls",
    "listeners",
    "assumed",
  ]);
  const interfaces = items(reading, found?.get("interfaces")?.value).flatMap(item => readInterface(reading, item));
  const names = new Set<string>();
  for (const { name } of interfaces) {
    if (names.has(name)) complain(reading, found?.get("interfaces")?.value ?? opening, `the interface ${name} stands here twice`);
    names.add(name);
  }
  const listeners = found?.get("listeners")?.value;
  const complete = flag(reading, found?.get("complete")?.value) ?? false;
  return {
    interfaces: names.has(LOOPBACK.name) || interfaces.some(({ link }) => link === "loopback") ? interfaces : [LOOPBACK, ...interfaces],
    routes: items(reading, found?.get("routes")?.value).flatMap(item => readRoute(reading, item)),
    ...(complete && { deriveRoutes: false }),
    rules: items(reading, found?.get("rules")?.value).flatMap(item => readRule(reading, item)),
    sysctls: readSettings(reading, found?.get("sysctls")?.value),
    ...(listeners && { listeners: items(reading, listeners).flatMap(item => readListener(reading, item)) }),
    assumed: items(reading, found?.get("assumed")?.value).flatMap(item => text(reading, item) ?? []),
  };
}

function readInterface(reading: Reading, node: JsonNode): readonly Interface[] {
  const found = members(reading, node, ["name", "link", "mac", "up", "mtu", "bridge", "addresses", "groups", "group"]);
  if (!found) return [];
  const name = text(reading, found.get("name")?.value);
  if (name === undefined || name === "") {
    complain(reading, node, "an interface needs a name");
    return [];
  }
  const mac = parsed(reading, found.get("mac")?.value, "a hardware address", parseMac);
  const bridge = text(reading, found.get("bridge")?.value);
  const groups = found.get("groups")?.value;
  const group = count(reading, found.get("group")?.value, U32);
  return [
    {
      name,
      link: word(reading, found.get("link")?.value, ["ethernet", "loopback", "none"]) ?? (name === "lo" ? "loopback" : "ethernet"),
      ...(mac !== undefined && { mac }),
      up: flag(reading, found.get("up")?.value) ?? true,
      mtu: count(reading, found.get("mtu")?.value, U32) ?? (name === "lo" ? 65536 : 1500),
      ...(bridge !== undefined && { bridge }),
      addresses: items(reading, found.get("addresses")?.value).flatMap(item => readInterfaceAddress(reading, item)),
      ...(groups && { groups: items(reading, groups).flatMap(item => parsed(reading, item, "an address", readAddress)?.address ?? []) }),
      ...(group !== undefined && { group }),
    },
  ];
}

function readInterfaceAddress(reading: Reading, node: JsonNode): readonly InterfaceAddress[] {
  if (node.is === "string") {
    const own = parsed(reading, node, "an address with a prefix length", readNetwork);
    return own ? [own] : [];
  }
  const found = members(reading, node, ["address", "broadcast", "peer", "scope", "secondary", "deprecated", "noprefixroute"]);
  const network = parsed(reading, found?.get("address")?.value, "an address with a prefix length", readNetwork);
  if (!found || !network) {
    if (!found?.has("address")) complain(reading, node, "an address is missing");
    return [];
  }
  const broadcast = parsed(reading, found.get("broadcast")?.value, "an IPv4 address", parseIpv4);
  const peer = parsed(reading, found.get("peer")?.value, "an address", readAddress);
  const scope = word(reading, found.get("scope")?.value, SCOPES);
  return [
    {
      ...network,
      ...(broadcast !== undefined && { broadcast }),
      ...(peer && { peer: peer.address }),
      ...(scope && { scope }),
      ...(flag(reading, found.get("secondary")?.value) && { secondary: true }),
      ...(flag(reading, found.get("deprecated")?.value) && { deprecated: true }),
      ...(flag(reading, found.get("noprefixroute")?.value) && { noPrefixRoute: true }),
    },
  ];
}

function readRoute(reading: Reading, node: JsonNode): readonly Route[] {
  const found = members(reading, node, ["to", "type", "via", "dev", "src", "metric", "table", "scope", "mtu", "realms"]);
  if (!found) return [];
  const gateway = parsed(reading, found.get("via")?.value, "an address", readAddress);
  const source = parsed(reading, found.get("src")?.value, "an address", readAddress);
  const to = parsed(reading, found.get("to")?.value, "a network", given => readPrefix(given, gateway?.family ?? source?.family));
  if (!to) {
    if (!found.has("to")) complain(reading, node, 'a route needs "to": a network');
    return [];
  }
  for (const [key, other] of [["via", gateway] as const, ["src", source] as const])
    if (other && other.family !== to.family)
      complain(reading, found.get(key)?.value ?? node, "the address is of another family than the route");
  const device = text(reading, found.get("dev")?.value);
  const scope = word(reading, found.get("scope")?.value, SCOPES);
  const mtu = count(reading, found.get("mtu")?.value, U32);
  return [
    {
      family: to.family,
      table: table(reading, found) ?? TABLE.MAIN,
      type: word(reading, found.get("type")?.value, ROUTE_TYPES) ?? "unicast",
      destination: to.address,
      prefixLength: to.prefixLength,
      ...(gateway && { gateway: gateway.address }),
      ...(device !== undefined && { device }),
      ...(source && { source: source.address }),
      metric: count(reading, found.get("metric")?.value, U32) ?? (to.family === 6 ? 1024 : 0),
      ...(scope && { scope }),
      ...(mtu !== undefined && { mtu }),
      ...readRealms(reading, found),
    },
  ];
}

/** `"realms": "3/9"`, or `"9"` for the destination's alone. */
function readRealms(reading: Reading, found: Members): { readonly realm?: number } {
  const realm = parsed(reading, found.get("realms")?.value, "realms: TO or FROM/TO", readRealm);
  return realm === undefined ? {} : { realm };
}

function table(reading: Reading, found: Members): number | undefined {
  const node = found.get("table")?.value;
  return node?.is === "number"
    ? count(reading, node, U32)
    : parsed(reading, node, "a routing table: local, main, default or a number", readTable);
}

function readRule(reading: Reading, node: JsonNode): readonly PolicyRule[] {
  const found = members(reading, node, [
    "family",
    "priority",
    "not",
    "from",
    "to",
    "fwmark",
    "iif",
    "oif",
    "tos",
    "action",
    "table",
    "goto",
    "suppress_prefixlength",
    "realms",
  ]);
  if (!found) return [];
  const from = parsed(reading, found.get("from")?.value, "a network", given => readPrefix(given, undefined));
  const to = parsed(reading, found.get("to")?.value, "a network", given => readPrefix(given, from?.family));
  const said = count(reading, found.get("family")?.value, 6);
  const family: Family = said === 6 || from?.family === 6 || to?.family === 6 ? 6 : 4;
  const priority = count(reading, found.get("priority")?.value, U32);
  if (priority === undefined) {
    if (!found.has("priority")) complain(reading, node, "a policy rule needs a priority");
    return [];
  }
  const goto = count(reading, found.get("goto")?.value, U32);
  const action =
    word(reading, found.get("action")?.value, ["table", "blackhole", "unreachable", "prohibit", "goto", "nop"]) ??
    (goto === undefined ? "table" : "goto");
  const mark = parsed(reading, found.get("fwmark")?.value, "a mark: VALUE or VALUE/MASK", readMark);
  const iif = text(reading, found.get("iif")?.value);
  const oif = text(reading, found.get("oif")?.value);
  const tos = count(reading, found.get("tos")?.value, 0xff);
  const suppress = count(reading, found.get("suppress_prefixlength")?.value, 128);
  return [
    {
      family,
      priority,
      ...(flag(reading, found.get("not")?.value) && { invert: true }),
      ...(from && { from: bare(from) }),
      ...(to && { to: bare(to) }),
      ...(mark && { mark }),
      ...(iif !== undefined && { iif }),
      ...(oif !== undefined && { oif }),
      ...(tos !== undefined && { tos }),
      action,
      ...(action === "table" && { table: table(reading, found) ?? TABLE.MAIN }),
      ...(goto !== undefined && { goto }),
      ...(suppress !== undefined && { suppressPrefixLength: suppress }),
      ...readRealms(reading, found),
    },
  ];
}

const bare = (network: Network): NonNullable<PolicyRule["from"]> => ({ address: networkOf(network), prefixLength: network.prefixLength });

function readSettings(reading: Reading, node: JsonNode | undefined): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (node === undefined) return found;
  for (const [name, entry] of members(reading, node) ?? []) {
    const value = integer(reading, entry.value);
    if (value !== undefined) found.set(sysctlName(name), value);
  }
  return found;
}

function readListener(reading: Reading, node: JsonNode): readonly Listener[] {
  const found = members(reading, node, ["protocol", "port", "address", "silent", "transparent", "mark"]);
  const protocol = word(reading, found?.get("protocol")?.value, ["tcp", "udp"]);
  const port = count(reading, found?.get("port")?.value, 0xffff);
  if (!found || protocol === undefined || port === undefined) {
    if (found && !(found.has("protocol") && found.has("port"))) complain(reading, node, "a listener needs a protocol and a port");
    return [];
  }
  const address = parsed(reading, found.get("address")?.value, "an address", readAddress);
  const mark = count(reading, found.get("mark")?.value, U32);
  return [
    {
      protocol,
      port,
      ...(address && { address: address.address }),
      ...(flag(reading, found.get("silent")?.value) && { silent: true }),
      ...(flag(reading, found.get("transparent")?.value) && { transparent: true }),
      ...(mark !== undefined && { mark }),
    },
  ];
}
