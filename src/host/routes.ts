import { mask4 } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import { isLimitedBroadcast, isLinkLocal, isLoopback, isMulticast, isZeronet } from "./address-type.ts";
import { Fib, type FibQuery, type RouteError } from "./fib.ts";
import { TABLE, type Host, type Interface, type Route } from "./host.ts";
import { selectAddress4, selectAddress6 } from "./source-address.ts";
import { confOf, forwards6, sysctl } from "./sysctls.ts";

/** What routing asks of a packet. */
export interface RouteQuery {
  readonly family: Family;
  readonly source: Scalar;
  readonly destination: Scalar;
  readonly mark: number;
  readonly tos: number;
}

/** Where a packet that came in goes next. */
export type InputRoute =
  | { readonly to: "local"; readonly kind: "unicast" | "broadcast" | "multicast" }
  | { readonly to: "forward"; readonly device: Interface; readonly gateway: Scalar | undefined; readonly mtu: number }
  /** Dropped without a word. */
  | { readonly to: "drop"; readonly reason: string }
  /** Dropped, and the sender is told with an ICMP error. */
  | { readonly to: "error"; readonly error: RouteError; readonly reason: string };

/** Where a packet of this machine goes. `source` is the address it gets when it has none. */
export type OutputRoute =
  | {
      readonly to: "device";
      readonly device: Interface;
      readonly kind: "unicast" | "local" | "broadcast" | "multicast";
      readonly gateway: Scalar | undefined;
      readonly source: Scalar;
      readonly mtu: number;
      /** Multicast and broadcast: this machine is a receiver too. */
      readonly member: boolean;
    }
  | { readonly to: "error"; readonly error: RouteError };

/** RTN_* numbers, the values of the address-type fields. Kernel: rtnetlink.h. */
export const RTN = { UNSPEC: 0, UNICAST: 1, LOCAL: 2, BROADCAST: 3, ANYCAST: 4, MULTICAST: 5, BLACKHOLE: 6, UNREACHABLE: 7, PROHIBIT: 8, THROW: 9 } as const;

/** Routing as the kernel does it, for one host. */
export class Router {
  readonly host: Host;
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly loopback: Interface | undefined;
  private readonly fib4: Fib;
  private readonly fib6: Fib;
  private readonly own4: ReadonlySet<Scalar>;
  private readonly forwards6: boolean;
  /** Per interface: what ip_route_input_slow asks of its settings. */
  private readonly conf: ReadonlyMap<string, InterfaceConf>;

  constructor(given: Host) {
    const host = { ...given, interfaces: given.interfaces.map(withSecondaries) };
    this.host = host;
    this.interfaces = new Map(host.interfaces.map(device => [device.name, device]));
    this.loopback = host.interfaces.find(device => device.link === "loopback");
    this.fib4 = new Fib(host, 4);
    this.fib6 = new Fib(host, 6);
    this.own4 = new Set(host.interfaces.flatMap(device => device.addresses.filter(own => own.family === 4).map(own => own.address)));
    this.forwards6 = forwards6(host);
    this.conf = new Map(host.interfaces.map(device => [device.name, confFor(host, device)]));
  }

  private fib(family: Family): Fib {
    return family === 4 ? this.fib4 : this.fib6;
  }

  /** Where a packet that came in on `device` goes. Kernel: route.c, ip_route_input_slow; route.c (IPv6), ip6_route_input. */
  input(query: RouteQuery, device: Interface): InputRoute {
    return query.family === 4 ? this.input4(query, device) : this.input6(query, device);
  }

  private input4(query: RouteQuery, device: Interface): InputRoute {
    const source = Number(query.source);
    const destination = Number(query.destination);
    const conf = this.confOf(device);
    if (isMulticast(destination)) return this.inputMulticast4(query, device, conf);
    if (isMulticast(source) || isLimitedBroadcast(source)) return drop("martian source: a multicast or broadcast address");
    if (isLimitedBroadcast(destination) || (source === 0 && destination === 0)) return this.inputBroadcast4(query, device, conf);
    if (isZeronet(source)) return drop("martian source: 0.0.0.0/8");
    if (isZeronet(destination)) return drop("martian destination: 0.0.0.0/8");
    if (isLoopback(destination)) {
      if (!conf.routeLocalnet) return drop("martian destination: 127.0.0.0/8 from outside (route_localnet is 0)");
    } else if (isLoopback(source) && !conf.routeLocalnet) return drop("martian source: 127.0.0.0/8 from outside (route_localnet is 0)");
    const found = this.fib4.lookup({ ...query, iif: device.name, oif: "" });
    if ("error" in found) {
      const error = conf.forwarding || found.error === "EINVAL" ? found.error : "EHOSTUNREACH";
      if (!conf.forwarding || error === "EINVAL") return drop(conf.forwarding ? "the route is a blackhole" : "not for this machine, and forwarding is off");
      return { to: "error", error, reason: error === "EACCES" ? "the route prohibits it" : error === "ENETUNREACH" ? "no route" : "the route is unreachable" };
    }
    const { route } = found;
    if (route.type === "broadcast") {
      if (conf.bcForwarding) return this.forward4(query, route, device, conf);
      return this.inputBroadcast4(query, device, conf);
    }
    if (route.type === "local") {
      const fault = this.sourceFault(query, "", device, conf);
      return fault === undefined ? LOCAL : drop(fault);
    }
    if (!conf.forwarding) return drop("not for this machine, and forwarding is off");
    if (route.type !== "unicast") return drop("martian destination");
    return this.forward4(query, route, device, conf);
  }

  private forward4(query: RouteQuery, route: Route, device: Interface, conf: InterfaceConf): InputRoute {
    const out = this.interfaces.get(route.device ?? "");
    if (out === undefined) return drop(`the route has no interface ${route.device ?? ""}`);
    const fault = this.sourceFault(query, out.name, device, conf);
    if (fault !== undefined) return drop(fault);
    return { to: "forward", device: out, gateway: route.gateway, mtu: route.mtu ?? out.mtu };
  }

  private inputBroadcast4(query: RouteQuery, device: Interface, conf: InterfaceConf): InputRoute {
    if (!isZeronet(query.source)) {
      const fault = this.sourceFault(query, "", device, conf);
      if (fault !== undefined) return drop(fault);
    }
    return { to: "local", kind: "broadcast" };
  }

  /** Kernel: route.c, ip_route_input_mc and ip_mc_validate_source. */
  private inputMulticast4(query: RouteQuery, device: Interface, conf: InterfaceConf): InputRoute {
    const destination = Number(query.destination);
    if (destination !== 0xe0000001 && !device.groups?.includes(destination)) return drop("a multicast group that nobody here has joined");
    const source = Number(query.source);
    if (isMulticast(source) || isLimitedBroadcast(source)) return drop("martian source: a multicast or broadcast address");
    if (isLoopback(source) && !conf.routeLocalnet) return drop("martian source: 127.0.0.0/8 from outside (route_localnet is 0)");
    if (isZeronet(source)) return drop("martian source: 0.0.0.0/8");
    const fault = this.sourceFault(query, "", device, conf);
    return fault === undefined ? { to: "local", kind: "multicast" } : drop(fault);
  }

  /** Why the source address cannot have come in on this interface. Kernel: fib_frontend.c, fib_validate_source. */
  private sourceFault(query: RouteQuery, oif: string, device: Interface, conf: InterfaceConf): string | undefined {
    const { rpFilter: strictness, acceptLocal } = conf;
    const source = Number(query.source);
    if (strictness === 0 && !this.fib4.custom) {
      return !acceptLocal && this.own4.has(source) ? "martian source: an address of this machine from outside" : undefined;
    }
    const back: FibQuery = {
      destination: source,
      source: query.destination,
      iif: oif === "" ? "lo" : oif,
      oif: "",
      mark: conf.srcValidMark ? query.mark : 0,
      tos: query.tos,
    };
    const found = this.fib4.lookup(back);
    const lax = strictness === 0 ? undefined : `reverse path filter (rp_filter ${strictness}): no route back to the source`;
    if ("error" in found) return lax;
    const { route } = found;
    if (route.type !== "unicast" && (route.type !== "local" || !acceptLocal)) {
      return route.type === "local" ? "martian source: an address of this machine from outside" : "martian source: the route back is no unicast route";
    }
    if (route.device === device.name || (route.type === "local" && device.link === "loopback")) return undefined;
    if (!device.addresses.some(own => own.family === 4)) return lax;
    if (strictness === 1) return `reverse path filter (rp_filter 1): the route back leaves by ${route.device ?? "no interface"}`;
    return undefined;
  }

  private input6(query: RouteQuery, device: Interface): InputRoute {
    const destination = BigInt(query.destination);
    if (isMulticast(destination)) return this.joined6(destination, device) ? { to: "local", kind: "multicast" } : drop("a multicast group that nobody here has joined");
    const strict = isLinkLocal(destination) || isLoopback(destination);
    const found = this.fib6.lookup({ ...query, iif: device.name, oif: strict ? device.name : "" });
    if ("error" in found) {
      if (found.error === "EINVAL") return drop("the route is a blackhole");
      return { to: "error", error: found.error, reason: found.error === "EACCES" ? "the route prohibits it" : "no route" };
    }
    const { route } = found;
    if (route.type === "local" || route.type === "anycast") return LOCAL;
    const out = this.interfaces.get(route.device ?? "");
    if (out === undefined) return drop(`the route has no interface ${route.device ?? ""}`);
    if (!this.forwards6) return drop("not for this machine, and forwarding is off");
    return { to: "forward", device: out, gateway: route.gateway, mtu: Math.max(1280, route.mtu ?? out.mtu) };
  }

  /** Groups that every IPv6 interface joins, routers' groups when forwarding, and solicited-node groups of its addresses. Kernel: mcast.c, ipv6_chk_mcast_addr. */
  private joined6(group: bigint, device: Interface): boolean {
    if (group === 0xff02n << 112n || (group & ((1n << 112n) - 1n)) === 1n) {
      const scope = Number((group >> 112n) & 0xfn);
      if (group >> 112n === 0xff02n || scope === 1) return true;
    }
    if (this.forwards6 && (group === ((0xff01n << 112n) | 2n) || group === ((0xff02n << 112n) | 2n) || group === ((0xff05n << 112n) | 2n))) return true;
    if (group >> 24n === (0xff02n << 88n | 0x1ffn)) {
      for (const own of device.addresses) if (own.family === 6 && (BigInt(own.address) & 0xffffffn) === (group & 0xffffffn)) return true;
    }
    return device.groups?.includes(group) ?? false;
  }

  /**
   * Where a packet of this machine goes. `oif` binds it to an interface, `source` of undefined asks for one to be chosen.
   * Kernel: route.c, ip_route_output_key_hash_rcu; route.c (IPv6), ip6_route_output_flags.
   */
  output(query: Omit<RouteQuery, "source"> & { readonly source: Scalar | undefined; readonly oif?: string | undefined }): OutputRoute {
    return query.family === 4 ? this.output4(query) : this.output6(query);
  }

  private output4(query: Omit<RouteQuery, "source"> & { readonly source: Scalar | undefined; readonly oif?: string | undefined }): OutputRoute {
    const destination = Number(query.destination);
    const given = query.source === undefined || query.source === 0 ? undefined : Number(query.source);
    if (given !== undefined && (isMulticast(given) || isLimitedBroadcast(given) || isZeronet(given))) return { to: "error", error: "EINVAL" };
    let oif = query.oif ?? "";
    if (destination === 0) return this.onLoopback(given ?? 0x7f000001);
    if (oif === "" && given !== undefined && (isMulticast(destination) || isLimitedBroadcast(destination))) {
      oif = this.ownerOf(given)?.name ?? "";
      if (oif !== "") return this.outOf(oif, destination, given);
    }
    if (oif !== "" && (isLimitedBroadcast(destination) || destination >>> 8 === 0xe00000)) return this.outOf(oif, destination, given);
    const found = this.fib4.lookup({ destination, source: given, iif: "lo", oif, mark: query.mark, tos: query.tos });
    if ("error" in found) return oif === "" ? { to: "error", error: found.error } : this.outOf(oif, destination, given);
    const { route } = found;
    if (route.type === "local") return this.onLoopback(given ?? Number(route.source ?? destination));
    const device = this.interfaces.get(route.device ?? "");
    if (device === undefined) return { to: "error", error: "ENETUNREACH" };
    const source = given ?? Number(route.source ?? selectAddress4(this.host, device, Number(route.gateway ?? 0), route.scope ?? "global") ?? 0);
    if (isLoopback(source) && device.link !== "loopback" && !this.confOf(device).routeLocalnet) return { to: "error", error: "EINVAL" };
    const kind = route.type === "broadcast" || isLimitedBroadcast(destination) ? "broadcast" : isMulticast(destination) ? "multicast" : "unicast";
    return {
      to: "device",
      device,
      kind,
      gateway: kind === "unicast" ? route.gateway : undefined,
      source,
      mtu: route.mtu ?? device.mtu,
      member: kind === "broadcast" || (kind === "multicast" && (destination === 0xe0000001 || (device.groups?.includes(destination) ?? false))),
    };
  }

  private outOf(oif: string, destination: number, given: number | undefined): OutputRoute {
    const device = this.interfaces.get(oif);
    if (device === undefined || !device.up) return { to: "error", error: "ENETUNREACH" };
    const kind = isLimitedBroadcast(destination) ? "broadcast" : isMulticast(destination) ? "multicast" : "unicast";
    const source = given ?? selectAddress4(this.host, device, 0, "link") ?? 0;
    const member = kind === "broadcast" || (kind === "multicast" && (destination === 0xe0000001 || (device.groups?.includes(destination) ?? false)));
    return { to: "device", device, kind, gateway: undefined, source, mtu: device.mtu, member };
  }

  private output6(query: Omit<RouteQuery, "source"> & { readonly source: Scalar | undefined; readonly oif?: string | undefined }): OutputRoute {
    const destination = BigInt(query.destination);
    const given = query.source === undefined || BigInt(query.source) === 0n ? undefined : BigInt(query.source);
    const found = this.fib6.lookup({ destination, source: given, iif: "lo", oif: query.oif ?? "", mark: query.mark, tos: query.tos });
    if ("error" in found) return { to: "error", error: found.error };
    const { route } = found;
    if (route.type === "local" || route.type === "anycast") return this.onLoopback(given ?? destination);
    const device = this.interfaces.get(route.device ?? "");
    if (device === undefined) return { to: "error", error: "ENETUNREACH" };
    const source = given ?? route.source ?? selectAddress6(this.host, device, destination) ?? 0n;
    const multicast = isMulticast(destination);
    return {
      to: "device",
      device,
      kind: multicast ? "multicast" : "unicast",
      gateway: route.gateway,
      source,
      mtu: Math.max(1280, route.mtu ?? device.mtu),
      member: multicast && this.joined6(destination, device),
    };
  }

  private onLoopback(source: Scalar): OutputRoute {
    const device = this.loopback;
    if (device === undefined) return { to: "error", error: "ENETUNREACH" };
    return { to: "device", device, kind: "local", gateway: undefined, source, mtu: device.mtu, member: false };
  }

  /** The interface that has an IPv4 address. Kernel: devinet.c, __ip_dev_find. */
  ownerOf(address: Scalar): Interface | undefined {
    return this.host.interfaces.find(device => device.addresses.some(own => own.address === address));
  }

  /** Is it an address of this machine, 127.0.0.0/8 included? Kernel: inet_addr_type(…) == RTN_LOCAL. */
  isLocal(family: Family, address: Scalar): boolean {
    return this.addressType(family, address) === RTN.LOCAL;
  }

  /**
   * The routing type of an address (RTN_*), asked of one interface when `device` is given. Kernel: fib_frontend.c,
   * __inet_dev_addr_type; xt_addrtype.c, match_lookup_rt6. IPv6 has no broadcast; an address without route is UNREACHABLE there.
   */
  addressType(family: Family, address: Scalar, device = ""): number {
    if (isMulticast(address)) return RTN.MULTICAST;
    if (family === 4) {
      if (isZeronet(address) || isLimitedBroadcast(address)) return RTN.BROADCAST;
      const found = this.fib4.inTable(TABLE.LOCAL, { destination: address, source: undefined, iif: "lo", oif: "", mark: 0, tos: 0 });
      if (found === undefined || "error" in found || (device !== "" && found.route.device !== device)) return RTN.UNICAST;
      return RTN[ROUTE_RTN[found.route.type]];
    }
    if (address === 0n) return RTN.UNSPEC;
    const found = this.fib6.lookup({ destination: address, source: undefined, iif: "lo", oif: device, mark: 0, tos: 0 });
    if ("error" in found) return found.error === "EACCES" ? RTN.PROHIBIT : RTN.UNREACHABLE;
    if (found.route.type === "local" || found.route.type === "anycast") return RTN[ROUTE_RTN[found.route.type]];
    return RTN.UNICAST;
  }

  private confOf(device: Interface): InterfaceConf {
    return this.conf.get(device.name) ?? confFor(this.host, device);
  }

  /** The TTL of packets that the kernel makes. */
  defaultTtl(family: Family): number {
    return family === 4 ? sysctl(this.host, "net.ipv4.ip_default_ttl") : sysctl(this.host, "net.ipv6.conf.hop_limit");
  }
}

/** Marks addresses that come after another of the same prefix, as the kernel does when they are added. Kernel: devinet.c, __inet_insert_ifa. */
function withSecondaries(device: Interface): Interface {
  const seen = new Set<string>();
  const addresses = device.addresses.map(own => {
    if (own.family !== 4) return own;
    const prefix = `${(Number(own.peer ?? own.address) & mask4(own.prefixLength)) >>> 0}/${own.prefixLength}`;
    const secondary = own.secondary ?? seen.has(prefix);
    seen.add(prefix);
    return { ...own, secondary };
  });
  return { ...device, addresses };
}

interface InterfaceConf {
  readonly forwarding: boolean;
  readonly rpFilter: number;
  readonly acceptLocal: boolean;
  readonly routeLocalnet: boolean;
  readonly bcForwarding: boolean;
  readonly srcValidMark: boolean;
}

function confFor(host: Host, device: Interface): InterfaceConf {
  return {
    forwarding: confOf(host, "forwarding", device.name) !== 0,
    rpFilter: confOf(host, "rp_filter", device.name),
    acceptLocal: confOf(host, "accept_local", device.name) !== 0,
    routeLocalnet: confOf(host, "route_localnet", device.name) !== 0,
    bcForwarding: confOf(host, "bc_forwarding", device.name) !== 0,
    srcValidMark: confOf(host, "src_valid_mark", device.name) !== 0,
  };
}

const LOCAL: InputRoute = { to: "local", kind: "unicast" };

const drop = (reason: string): InputRoute => ({ to: "drop", reason });

const ROUTE_RTN = {
  unicast: "UNICAST",
  local: "LOCAL",
  broadcast: "BROADCAST",
  anycast: "ANYCAST",
  multicast: "MULTICAST",
  blackhole: "BLACKHOLE",
  unreachable: "UNREACHABLE",
  prohibit: "PROHIBIT",
  throw: "THROW",
} as const satisfies Record<Route["type"], keyof typeof RTN>;
