import { isLimitedBroadcast, isLinkLocal, isLoopback, isMulticast, isZeronet } from "./address-type.ts";
import type { FibQuery, FibResult } from "./fib.ts";
import type { Interface, Route } from "./host.ts";
import { joined6 } from "./multicast.ts";
import { realmOf, sourceTag } from "./realm.ts";
import { settingsFor, type InputRoute, type InterfaceConf, type RouteQuery, type Routing } from "./routing.ts";

const LOCAL: Extract<InputRoute, { to: "local" }> = { to: "local", kind: "unicast", realm: 0 };

const drop = (reason: string): InputRoute => ({ to: "drop", reason });

function queryFor({ source, destination, mark, tos }: RouteQuery, device: Interface, oif: string): FibQuery {
  return { destination, source, iif: device.name, oif, mark, tos };
}

/** Where an IPv4 packet that came in on `device` goes. Kernel: route.c, ip_route_input_slow. */
export function input4(routing: Routing, query: RouteQuery, device: Interface): InputRoute {
  const source = Number(query.source);
  const destination = Number(query.destination);
  const conf = settingsFor(routing, device);
  if (isMulticast(destination)) return inputMulticast4(routing, query, device, conf);
  if (isMulticast(source) || isLimitedBroadcast(source)) return drop("martian source: a multicast or broadcast address");
  if (isLimitedBroadcast(destination) || (source === 0 && destination === 0)) return inputBroadcast4(routing, query, device, conf);
  if (isZeronet(source)) return drop("martian source: 0.0.0.0/8");
  if (isZeronet(destination)) return drop("martian destination: 0.0.0.0/8");
  if (isLoopback(destination)) {
    if (!conf.routeLocalnet) return drop("martian destination: 127.0.0.0/8 from outside (route_localnet is 0)");
  } else if (isLoopback(source) && !conf.routeLocalnet) return drop("martian source: 127.0.0.0/8 from outside (route_localnet is 0)");
  const found = routing.fib4.lookup(queryFor(query, device, ""));
  if ("error" in found) {
    const error = conf.forwarding || found.error === "EINVAL" ? found.error : "EHOSTUNREACH";
    if (!conf.forwarding || error === "EINVAL")
      return drop(conf.forwarding ? "the route is a blackhole" : "not for this machine, and forwarding is off");
    return {
      to: "error",
      error,
      reason: error === "EACCES" ? "the route prohibits it" : error === "ENETUNREACH" ? "no route" : "the route is unreachable",
    };
  }
  const { route } = found;
  if (route.type === "broadcast") {
    if (conf.bcForwarding) return forward4(routing, query, found, device, conf);
    return inputBroadcast4(routing, query, device, conf);
  }
  if (route.type === "local") {
    const fault = sourceFault(routing, query, "", device, conf);
    if (fault !== undefined) return drop(fault);
    return routing.realms ? { ...LOCAL, realm: sourceTag(routing, query, "", conf.srcValidMark) } : LOCAL;
  }
  if (!conf.forwarding) return drop("not for this machine, and forwarding is off");
  if (route.type !== "unicast") return drop("martian destination");
  return forward4(routing, query, found, device, conf);
}

function forward4(routing: Routing, query: RouteQuery, found: FoundRoute, device: Interface, conf: InterfaceConf): InputRoute {
  const { route } = found;
  const out = routing.interfaces.get(route.device ?? "");
  if (out === undefined) return drop(`the route has no interface ${route.device ?? ""}`);
  const fault = sourceFault(routing, query, out.name, device, conf);
  if (fault !== undefined) return drop(fault);
  return {
    to: "forward",
    device: out,
    gateway: route.gateway,
    mtu: route.mtu ?? out.mtu,
    realm: routing.realms ? realmOf(found, sourceTag(routing, query, out.name, conf.srcValidMark)) : 0,
  };
}

type FoundRoute = Extract<FibResult, { readonly route: Route }>;

function inputBroadcast4(routing: Routing, query: RouteQuery, device: Interface, conf: InterfaceConf): InputRoute {
  if (!isZeronet(query.source)) {
    const fault = sourceFault(routing, query, "", device, conf);
    if (fault !== undefined) return drop(fault);
  }
  return { to: "local", kind: "broadcast", realm: sourceTag(routing, query, "", conf.srcValidMark) };
}

/** Kernel: route.c, ip_route_input_mc and ip_mc_validate_source. */
function inputMulticast4(routing: Routing, query: RouteQuery, device: Interface, conf: InterfaceConf): InputRoute {
  const destination = Number(query.destination);
  if (destination !== 0xe0000001 && !device.groups?.includes(destination)) return drop("a multicast group that nobody here has joined");
  const source = Number(query.source);
  if (isMulticast(source) || isLimitedBroadcast(source)) return drop("martian source: a multicast or broadcast address");
  if (isLoopback(source) && !conf.routeLocalnet) return drop("martian source: 127.0.0.0/8 from outside (route_localnet is 0)");
  if (isZeronet(source)) return drop("martian source: 0.0.0.0/8");
  const fault = sourceFault(routing, query, "", device, conf);
  return fault === undefined ? { to: "local", kind: "multicast", realm: sourceTag(routing, query, "", conf.srcValidMark) } : drop(fault);
}

/** Why the source address cannot have come in on this interface. Kernel: fib_frontend.c, fib_validate_source. */
function sourceFault(routing: Routing, query: RouteQuery, oif: string, device: Interface, conf: InterfaceConf): string | undefined {
  const { rpFilter: strictness, acceptLocal } = conf;
  const source = Number(query.source);
  if (strictness === 0 && !routing.fib4.custom && !routing.realms) {
    return !acceptLocal && routing.own4.has(source) ? "martian source: an address of this machine from outside" : undefined;
  }
  const back: FibQuery = {
    destination: source,
    source: query.destination,
    iif: oif === "" ? "lo" : oif,
    oif: "",
    mark: conf.srcValidMark ? query.mark : 0,
    tos: query.tos,
  };
  const found = routing.fib4.lookup(back);
  const lax = strictness === 0 ? undefined : `reverse path filter (rp_filter ${strictness}): no route back to the source`;
  if ("error" in found) return lax;
  const { route } = found;
  if (route.type !== "unicast" && (route.type !== "local" || !acceptLocal)) {
    return route.type === "local"
      ? "martian source: an address of this machine from outside"
      : "martian source: the route back is no unicast route";
  }
  if (route.device === device.name || (route.type === "local" && device.link === "loopback")) return undefined;
  if (!device.addresses.some(own => own.family === 4)) return lax;
  if (strictness === 1) return `reverse path filter (rp_filter 1): the route back leaves by ${route.device ?? "no interface"}`;
  return undefined;
}

/** Where an IPv6 packet that came in on `device` goes. Kernel: route.c (IPv6), ip6_route_input. */
export function input6(routing: Routing, query: RouteQuery, device: Interface): InputRoute {
  const destination = BigInt(query.destination);
  if (isMulticast(destination))
    return joined6(routing, destination, device)
      ? { to: "local", kind: "multicast", realm: 0 }
      : drop("a multicast group that nobody here has joined");
  const strict = isLinkLocal(destination) || isLoopback(destination);
  const found = routing.fib6.lookup(queryFor(query, device, strict ? device.name : ""));
  if ("error" in found) {
    if (found.error === "EINVAL") return drop("the route is a blackhole");
    return { to: "error", error: found.error, reason: found.error === "EACCES" ? "the route prohibits it" : "no route" };
  }
  const { route } = found;
  if (route.type === "local" || route.type === "anycast") return LOCAL;
  const out = routing.interfaces.get(route.device ?? "");
  if (out === undefined) return drop(`the route has no interface ${route.device ?? ""}`);
  if (!routing.forwards6) return drop("not for this machine, and forwarding is off");
  return { to: "forward", device: out, gateway: route.gateway, mtu: Math.max(1280, route.mtu ?? out.mtu), realm: 0 };
}
