import type { Family, Scalar } from "../predicate/index.ts";
import { isLimitedBroadcast, isMulticast, isZeronet } from "./address-type.ts";
import { TABLE, type Host, type Interface, type Route } from "./host.ts";
import { reversePath, type ReversePathOptions } from "./reverse-path.ts";
import { input4, input6 } from "./route-input.ts";
import { output4, output6 } from "./route-output.ts";
import { routingOf, type InputRoute, type OutputQuery, type OutputRoute, type RouteQuery, type Routing } from "./routing.ts";
import { sysctl } from "./sysctls.ts";

/** RTN_* numbers, the values of the address-type fields. Kernel: rtnetlink.h. */
export const RTN = {
  UNSPEC: 0,
  UNICAST: 1,
  LOCAL: 2,
  BROADCAST: 3,
  ANYCAST: 4,
  MULTICAST: 5,
  BLACKHOLE: 6,
  UNREACHABLE: 7,
  PROHIBIT: 8,
  THROW: 9,
} as const;

/** Routing as the kernel does it, for one host. */
export class Router {
  readonly host: Host;
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly loopback: Interface | undefined;
  readonly #routing: Routing;

  constructor(given: Host) {
    this.#routing = routingOf(given);
    this.host = this.#routing.host;
    this.interfaces = this.#routing.interfaces;
    this.loopback = this.#routing.loopback;
  }

  /** Where a packet that came in on `device` goes. Kernel: route.c, ip_route_input_slow; route.c (IPv6), ip6_route_input. */
  input(query: RouteQuery, device: Interface): InputRoute {
    return query.family === 4 ? input4(this.#routing, query, device) : input6(this.#routing, query, device);
  }

  /**
   * Where a packet of this machine goes. `oif` binds it to an interface, `source` of undefined asks for one to be chosen.
   * Kernel: route.c, ip_route_output_key_hash_rcu; route.c (IPv6), ip6_route_output_flags.
   */
  output(query: OutputQuery): OutputRoute {
    return query.family === 4 ? output4(this.#routing, query) : output6(this.#routing, query);
  }

  /** Would an answer to a packet that came in on `device` leave by it? Kernel: ipt_rpfilter.c, ip6t_rpfilter.c. */
  reversePath(query: RouteQuery, device: Interface, options: ReversePathOptions): boolean {
    return reversePath(this.#routing, query, device, options);
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
      const found = this.#routing.fib4.inTable(TABLE.LOCAL, {
        destination: address,
        source: undefined,
        iif: "lo",
        oif: "",
        mark: 0,
        tos: 0,
      });
      if (found === undefined || "error" in found || (device !== "" && found.route.device !== device)) return RTN.UNICAST;
      return RTN[ROUTE_RTN[found.route.type]];
    }
    if (address === 0n) return RTN.UNSPEC;
    const found = this.#routing.fib6.lookup({ destination: address, source: undefined, iif: "lo", oif: device, mark: 0, tos: 0 });
    if ("error" in found) return found.error === "EACCES" ? RTN.PROHIBIT : RTN.UNREACHABLE;
    if (found.route.type === "local" || found.route.type === "anycast") return RTN[ROUTE_RTN[found.route.type]];
    return RTN.UNICAST;
  }

  /** The TTL of packets that the kernel makes. */
  defaultTtl(family: Family): number {
    return family === 4 ? sysctl(this.host, "net.ipv4.ip_default_ttl") : sysctl(this.host, "net.ipv6.conf.hop_limit");
  }
}

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
