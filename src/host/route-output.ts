import type { Scalar } from "../predicate/index.ts";
import { isLimitedBroadcast, isLoopback, isMulticast, isZeronet } from "./address-type.ts";
import type { Interface } from "./host.ts";
import { joined6 } from "./multicast.ts";
import { realmOf } from "./realm.ts";
import { settingsFor, type OutputQuery, type OutputRoute, type Routing } from "./routing.ts";
import { selectAddress4, selectAddress6 } from "./source-address.ts";

/** Where an IPv4 packet of this machine goes. Kernel: route.c, ip_route_output_key_hash_rcu. */
export function output4(routing: Routing, query: OutputQuery): OutputRoute {
  const destination = Number(query.destination);
  const given = query.source === undefined || query.source === 0 ? undefined : Number(query.source);
  if (given !== undefined && (isMulticast(given) || isLimitedBroadcast(given) || isZeronet(given))) return { to: "error", error: "EINVAL" };
  let oif = query.oif ?? "";
  if (destination === 0) return onLoopback(routing, given ?? 0x7f000001);
  if (oif === "" && given !== undefined && (isMulticast(destination) || isLimitedBroadcast(destination))) {
    oif = ownerOf(routing, given)?.name ?? "";
    if (oif !== "") return outOf(routing, oif, destination, given);
  }
  if (oif !== "" && (isLimitedBroadcast(destination) || destination >>> 8 === 0xe00000)) return outOf(routing, oif, destination, given);
  const found = routing.fib4.lookup({ destination, source: given, iif: "lo", oif, mark: query.mark, tos: query.tos });
  if ("error" in found) return oif === "" ? { to: "error", error: found.error } : outOf(routing, oif, destination, given);
  const { route } = found;
  if (route.type === "local") return onLoopback(routing, given ?? Number(route.source ?? destination), realmOf(found));
  const device = routing.interfaces.get(route.device ?? "");
  if (device === undefined) return { to: "error", error: "ENETUNREACH" };
  const source =
    given ?? Number(route.source ?? selectAddress4(routing.host, device, Number(route.gateway ?? 0), route.scope ?? "global") ?? 0);
  if (isLoopback(source) && device.link !== "loopback" && !settingsFor(routing, device).routeLocalnet)
    return { to: "error", error: "EINVAL" };
  const kind =
    route.type === "broadcast" || isLimitedBroadcast(destination) ? "broadcast" : isMulticast(destination) ? "multicast" : "unicast";
  return {
    to: "device",
    device,
    kind,
    gateway: kind === "unicast" ? route.gateway : undefined,
    source,
    mtu: route.mtu ?? device.mtu,
    member:
      kind === "broadcast" || (kind === "multicast" && (destination === 0xe0000001 || (device.groups?.includes(destination) ?? false))),
    realm: realmOf(found),
  };
}

function outOf(routing: Routing, oif: string, destination: number, given: number | undefined): OutputRoute {
  const device = routing.interfaces.get(oif);
  if (device === undefined || !device.up) return { to: "error", error: "ENETUNREACH" };
  const kind = isLimitedBroadcast(destination) ? "broadcast" : isMulticast(destination) ? "multicast" : "unicast";
  const source = given ?? selectAddress4(routing.host, device, 0, "link") ?? 0;
  const member =
    kind === "broadcast" || (kind === "multicast" && (destination === 0xe0000001 || (device.groups?.includes(destination) ?? false)));
  return { to: "device", device, kind, gateway: undefined, source, mtu: device.mtu, member, realm: 0 };
}

/** Where an IPv6 packet of this machine goes. Kernel: route.c (IPv6), ip6_route_output_flags. */
export function output6(routing: Routing, query: OutputQuery): OutputRoute {
  const destination = BigInt(query.destination);
  const given = query.source === undefined || BigInt(query.source) === 0n ? undefined : BigInt(query.source);
  const found = routing.fib6.lookup({ destination, source: given, iif: "lo", oif: query.oif ?? "", mark: query.mark, tos: query.tos });
  if ("error" in found) return { to: "error", error: found.error };
  const { route } = found;
  if (route.type === "local" || route.type === "anycast") return onLoopback(routing, given ?? destination);
  const device = routing.interfaces.get(route.device ?? "");
  if (device === undefined) return { to: "error", error: "ENETUNREACH" };
  const source = given ?? route.source ?? selectAddress6(routing.host, device, destination) ?? 0n;
  const multicast = isMulticast(destination);
  return {
    to: "device",
    device,
    kind: multicast ? "multicast" : "unicast",
    gateway: route.gateway,
    source,
    mtu: Math.max(1280, route.mtu ?? device.mtu),
    member: multicast && joined6(routing, destination, device),
    realm: 0,
  };
}

function onLoopback(routing: Routing, source: Scalar, realm = 0): OutputRoute {
  const device = routing.loopback;
  if (device === undefined) return { to: "error", error: "ENETUNREACH" };
  return { to: "device", device, kind: "local", gateway: undefined, source, mtu: device.mtu, member: false, realm };
}

/** The interface that has an IPv4 address. Kernel: devinet.c, __ip_dev_find. */
function ownerOf(routing: Routing, address: Scalar): Interface | undefined {
  return routing.host.interfaces.find(device => device.addresses.some(own => own.address === address));
}
