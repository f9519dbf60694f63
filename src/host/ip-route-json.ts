import type { Family } from "../predicate/index.ts";
import type { Route, RouteType, Scope } from "./host.ts";
import { complain, count, items, members, parsed, text, type Reading } from "./json-reader.ts";
import type { JsonEntry, JsonNode } from "./json-text.ts";
import { readAddress, readCount, readPrefix, type Network } from "./network-text.ts";

const TYPES: readonly RouteType[] = [
  "unicast",
  "local",
  "broadcast",
  "anycast",
  "multicast",
  "blackhole",
  "unreachable",
  "prohibit",
  "throw",
];
const SCOPES: readonly Scope[] = ["global", "site", "link", "host"];

type Members = ReadonlyMap<string, JsonEntry>;

/** A table's number from its name. */
export type TableNumber = (name: string) => number;

/** The routes of `ip -j route show table all` of one family. Routes over dead links are left out. */
export function readIpRoutes(
  reading: Reading,
  node: JsonNode,
  family: Family,
  tableNumber: TableNumber,
  notes: string[],
): readonly Route[] {
  return items(reading, node).flatMap(item => {
    const found = members(reading, item);
    if (!found || found.size === 0) return [];
    const to = parsed(reading, found.get("dst")?.value, "a network", given => ofFamily(readPrefix(given, family), family));
    if (!to) {
      if (!found.has("dst")) complain(reading, item, "a route has no dst");
      return [];
    }
    const type = typeOf(reading, found);
    if (type === undefined || isDead(reading, found)) return [];
    const hop = nextHop(reading, found, to, notes);
    const source = parsed(reading, found.get("prefsrc")?.value, "an address", readAddress)?.address;
    const mtu = items(reading, found.get("metrics")?.value).flatMap(
      metric => count(reading, members(reading, metric)?.get("mtu")?.value, 0xffffffff) ?? [],
    )[0];
    const scope = SCOPES.find(each => each === text(reading, found.get("scope")?.value));
    return [
      {
        family,
        table: tableNumber(text(reading, found.get("table")?.value) ?? "main"),
        type,
        destination: to.address,
        prefixLength: to.prefixLength,
        ...hop,
        ...(source !== undefined && { source }),
        metric: count(reading, found.get("metric")?.value, 0xffffffff) ?? 0,
        ...(scope && { scope }),
        ...(mtu !== undefined && { mtu }),
        ...readFlow(reading, found),
      },
    ];
  });
}

/** Realms: `"flow":{"from":"3","to":"9"}`. Names of realms stand in a file of that machine, and are left out. */
function readFlow(reading: Reading, found: Members): { readonly realm?: number } {
  const node = found.get("flow")?.value;
  const flow = node && members(reading, node);
  const part = (key: string): number => readCount(text(reading, flow?.get(key)?.value) ?? "", 0xffff) ?? 0;
  return flow === undefined ? {} : { realm: part("from") * 0x10000 + part("to") };
}

function ofFamily(network: Network | undefined, family: Family): Network | undefined {
  return network?.family === family ? network : undefined;
}

function typeOf(reading: Reading, found: Members): RouteType | undefined {
  const given = text(reading, found.get("type")?.value);
  if (given === undefined) return "unicast";
  const known = TYPES.find(each => each === given);
  const node = found.get("type")?.value;
  return known ?? (node && complain(reading, node, `unknown type of route "${given}"`));
}

function isDead(reading: Reading, found: Members): boolean {
  return items(reading, found.get("flags")?.value).some(flag => flag.is === "string" && flag.value === "dead");
}

/** The gateway and device. Of several next hops the first one counts, and a note says so. */
function nextHop(reading: Reading, found: Members, to: Network, notes: string[]): Pick<Route, "gateway" | "device"> {
  const hops = items(reading, found.get("nexthops")?.value);
  const name = text(reading, found.get("dst")?.value) ?? "";
  if (hops.length > 1) notes.push(`of the ${hops.length} next hops of the route to ${name} the first one is used`);
  const from = hops[0] ? (members(reading, hops[0]) ?? found) : found;
  const gateway = parsed(reading, from.get("gateway")?.value, "an address", readAddress);
  if (from.has("via")) notes.push(`the route to ${name} needs no gateway, since its own is of the other family`);
  const device = text(reading, from.get("dev")?.value);
  return { ...(gateway?.family === to.family && { gateway: gateway.address }), ...(device !== undefined && { device }) };
}
