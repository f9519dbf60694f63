import { mask4 } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import { Fib, type RouteError } from "./fib.ts";
import type { Host, Interface } from "./host.ts";
import { confOf, forwards6 } from "./sysctls.ts";

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
  | { readonly to: "local"; readonly kind: "unicast" | "broadcast" | "multicast"; readonly realm: number }
  | {
      readonly to: "forward";
      readonly device: Interface;
      readonly gateway: Scalar | undefined;
      readonly mtu: number;
      readonly realm: number;
    }
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
      readonly realm: number;
    }
  | { readonly to: "error"; readonly error: RouteError };

/** What routing asks of a packet of this machine. `oif` binds it to an interface, `source` of undefined asks for one to be chosen. */
export interface OutputQuery extends Omit<RouteQuery, "source"> {
  readonly source: Scalar | undefined;
  readonly oif?: string | undefined;
}

/** A host made ready for routing. */
export interface Routing {
  readonly host: Host;
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly loopback: Interface | undefined;
  readonly fib4: Fib;
  readonly fib6: Fib;
  /** IPv4 addresses of this machine. */
  readonly own4: ReadonlySet<Scalar>;
  readonly forwards6: boolean;
  /** Does any route or rule have a realm? */
  readonly realms: boolean;
  /** Per interface: what ip_route_input_slow asks of its settings. */
  readonly conf: ReadonlyMap<string, InterfaceConf>;
}

/** Makes a host ready. */
export function routingOf(given: Host): Routing {
  const host = { ...given, interfaces: given.interfaces.map(withSecondaries) };
  return {
    host,
    interfaces: new Map(host.interfaces.map(device => [device.name, device])),
    loopback: host.interfaces.find(device => device.link === "loopback"),
    fib4: new Fib(host, 4),
    fib6: new Fib(host, 6),
    own4: new Set(host.interfaces.flatMap(device => device.addresses.filter(own => own.family === 4).map(own => own.address))),
    forwards6: forwards6(host),
    realms: [...host.routes, ...host.rules].some(({ realm }) => realm !== undefined),
    conf: new Map(host.interfaces.map(device => [device.name, confFor(host, device)])),
  };
}

/** Settings of an interface as they take effect. */
export interface InterfaceConf {
  readonly forwarding: boolean;
  readonly rpFilter: number;
  readonly acceptLocal: boolean;
  readonly routeLocalnet: boolean;
  readonly bcForwarding: boolean;
  readonly srcValidMark: boolean;
}

/** The settings of an interface, of a stranger too. */
export function settingsFor(routing: Routing, device: Interface): InterfaceConf {
  return routing.conf.get(device.name) ?? confFor(routing.host, device);
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
