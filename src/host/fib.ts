import { mask4, mask6 } from "../packet/index.ts";
import type { Family, Scalar } from "../predicate/index.ts";
import { forwards6 } from "./sysctls.ts";
import { TABLE, type Host, type Interface, type InterfaceAddress, type PolicyRule, type Route } from "./host.ts";

/** What a route lookup asks. An address of `undefined` is "not yet chosen". */
export interface FibQuery {
  readonly destination: Scalar;
  readonly source: Scalar | undefined;
  /** The interface the packet came in on, `lo` for local packets. */
  readonly iif: string;
  /** Only routes by this interface count; empty for any. */
  readonly oif: string;
  readonly mark: number;
  readonly tos: number;
}

/** Why a lookup gave no route, by errno. Kernel: fib_semantics.c, fib_props. */
export type RouteError = "ENETUNREACH" | "EHOSTUNREACH" | "EACCES" | "EINVAL";

/** What a lookup found. */
export type FibResult =
  | {
      readonly route: Route;
      /** Of the policy rule that led to it. */
      readonly realm?: number;
    }
  | { readonly error: RouteError };

/** Routes of one table by prefix length, longest first. */
interface FibTable {
  readonly lengths: number[];
  readonly networks: Map<number, Map<Scalar, Route[]>>;
}

/** Policy rules and route tables of one family, ready for lookups. */
export class Fib {
  readonly family: Family;
  readonly rules: readonly PolicyRule[];
  /** Rules other than the kernel's own three, or local routes that are not an interface's address, make the kernel check sources in full. */
  readonly custom: boolean;
  private readonly tables = new Map<number, FibTable>();
  private readonly up: ReadonlySet<string>;
  private readonly forwards6: boolean;

  constructor(host: Host, family: Family) {
    this.family = family;
    this.up = new Set(host.interfaces.filter(device => device.up).map(device => device.name));
    const own = host.rules.filter(rule => rule.family === family);
    this.rules = (own.length === 0 ? defaultRules(family) : own).toSorted((a, b) => a.priority - b.priority);
    for (const route of host.routes) if (route.family === family) this.insert(route);
    this.forwards6 = forwards6(host);
    if (host.deriveRoutes !== false) for (const device of host.interfaces) if (device.up) this.derive(device);
    this.custom = own.some(rule => !isDefault(rule)) || host.routes.some(route => route.family === family && isCustomLocal(route, host));
  }

  /** The route for a query: rules in order, in each table the longest prefix, then the lowest metric. Kernel: fib_rules.c, fib_table_lookup. */
  lookup(query: FibQuery): FibResult {
    let from = 0;
    for (const rule of this.rules) {
      if (rule.priority < from || !matches(rule, query, this.family)) continue;
      switch (rule.action) {
        case "blackhole":
          return { error: "EINVAL" };
        case "unreachable":
          return { error: this.family === 4 ? "ENETUNREACH" : "EHOSTUNREACH" };
        case "prohibit":
          return { error: "EACCES" };
        case "goto":
          from = rule.goto ?? 0;
          break;
        case "nop":
          break;
        case "table": {
          const found = this.inTable(rule.table ?? TABLE.MAIN, query);
          if (found === undefined) break;
          if ("route" in found && rule.suppressPrefixLength !== undefined && found.route.prefixLength <= rule.suppressPrefixLength) break;
          return rule.realm === undefined || "error" in found ? found : { route: found.route, realm: rule.realm };
        }
      }
    }
    return { error: "ENETUNREACH" };
  }

  /** The answer of one table; undefined sends the search to the next rule. */
  inTable(number: number, query: FibQuery): FibResult | undefined {
    const table = this.tables.get(number);
    if (table === undefined) return undefined;
    for (const length of table.lengths) {
      const routes = table.networks.get(length)?.get(network(this.family, query.destination, length));
      if (routes === undefined) continue;
      for (const route of routes) {
        if (route.device !== undefined && !this.up.has(route.device)) continue;
        if (query.oif !== "" && route.device !== undefined && route.device !== query.oif) continue;
        switch (route.type) {
          case "blackhole":
            return { error: "EINVAL" };
          case "unreachable":
            return { error: "EHOSTUNREACH" };
          case "prohibit":
            return { error: "EACCES" };
          case "throw":
            return undefined;
          default:
            return { route };
        }
      }
    }
    return undefined;
  }

  private insert(route: Route): void {
    let table = this.tables.get(route.table);
    if (table === undefined) this.tables.set(route.table, (table = { lengths: [], networks: new Map() }));
    let networks = table.networks.get(route.prefixLength);
    if (networks === undefined) {
      table.networks.set(route.prefixLength, (networks = new Map()));
      table.lengths.push(route.prefixLength);
      table.lengths.sort((a, b) => b - a);
    }
    const key = network(this.family, route.destination, route.prefixLength);
    const routes = networks.get(key);
    if (routes === undefined) networks.set(key, [route]);
    else {
      const at = routes.findIndex(other => other.metric > route.metric);
      routes.splice(at < 0 ? routes.length : at, 0, route);
    }
  }

  /** What the kernel adds when an address is set. Kernel: fib_frontend.c, fib_add_ifaddr; addrconf.c, add_addr and addrconf_prefix_route. */
  private derive(device: Interface): void {
    for (const address of device.addresses)
      if (address.family === this.family) for (const route of addressRoutes(device, address, this.forwards6)) this.deriveOne(route);
    if (this.family === 6 && device.link !== "loopback") {
      this.deriveOne({
        family: 6,
        table: TABLE.LOCAL,
        type: "multicast",
        destination: 0xffn << 120n,
        prefixLength: 8,
        device: device.name,
        metric: 256,
      });
    }
  }

  private deriveOne(route: Route): void {
    const known = this.tables
      .get(route.table)
      ?.networks.get(route.prefixLength)
      ?.get(network(this.family, route.destination, route.prefixLength));
    if (!known?.some(other => other.device === route.device)) this.insert(route);
  }
}

function network(family: Family, address: Scalar, length: number): Scalar {
  if (family === 4) return (Number(address) & mask4(length)) >>> 0;
  return length === 128 ? address : BigInt(address) & mask6(length);
}

/** The kernel's rules in a fresh namespace; IPv6 has no default table. */
function defaultRules(family: Family): PolicyRule[] {
  const rules: PolicyRule[] = [
    { family, priority: 0, action: "table", table: TABLE.LOCAL },
    { family, priority: 32766, action: "table", table: TABLE.MAIN },
  ];
  if (family === 4) rules.push({ family, priority: 32767, action: "table", table: TABLE.DEFAULT });
  return rules;
}

function isDefault(rule: PolicyRule): boolean {
  if (rule.from || rule.to || rule.mark || rule.iif !== undefined || rule.oif !== undefined || rule.tos !== undefined || rule.invert)
    return false;
  return defaultRules(rule.family).some(other => other.priority === rule.priority && other.table === rule.table && rule.action === "table");
}

function isCustomLocal(route: Route, host: Host): boolean {
  if (route.type !== "local" || route.table !== TABLE.LOCAL) return false;
  if (route.device === "lo" && Number(BigInt(route.destination) >> 24n) === 127) return false;
  return !host.interfaces.some(device => device.addresses.some(own => own.family === route.family && own.address === route.destination));
}

function matches(rule: PolicyRule, query: FibQuery, family: Family): boolean {
  return matchesPlain(rule, query, family) !== (rule.invert ?? false);
}

function matchesPlain(rule: PolicyRule, query: FibQuery, family: Family): boolean {
  if (rule.iif !== undefined && rule.iif !== query.iif) return false;
  if (rule.oif !== undefined && rule.oif !== query.oif) return false;
  if (rule.mark && ((query.mark ^ rule.mark.value) & rule.mark.mask) !== 0) return false;
  if (rule.tos !== undefined && rule.tos !== 0 && rule.tos !== query.tos) return false;
  return inPrefix(rule.from, query.source, family) && inPrefix(rule.to, query.destination, family);
}

function inPrefix(prefix: PolicyRule["from"], address: Scalar | undefined, family: Family): boolean {
  if (!prefix || prefix.prefixLength === 0) return true;
  const given = address ?? (family === 4 ? 0 : 0n);
  return network(family, given, prefix.prefixLength) === network(family, prefix.address, prefix.prefixLength);
}

function addressRoutes(device: Interface, own: InterfaceAddress, forwards: boolean): Route[] {
  return own.family === 4 ? addressRoutes4(device, own) : addressRoutes6(device, own, forwards);
}

function addressRoutes4(device: Interface, own: InterfaceAddress): Route[] {
  const address = Number(own.address);
  const mask = mask4(own.prefixLength);
  const prefix = (Number(own.peer ?? address) & mask) >>> 0;
  const primary = own.secondary ? primaryOf(device, prefix, mask) : undefined;
  const common = { family: 4, device: device.name, metric: 0, source: primary ?? address } as const;
  const routes: Route[] = [{ ...common, table: TABLE.LOCAL, type: "local", destination: address, prefixLength: 32, scope: "host" }];
  const broadcast = own.broadcast ?? (own.prefixLength < 31 && device.link === "ethernet" ? (prefix | ~mask) >>> 0 : undefined);
  if (broadcast !== undefined && broadcast !== 0xffffffff) {
    routes.push({ ...common, table: TABLE.LOCAL, type: "broadcast", destination: broadcast, prefixLength: 32, scope: "link" });
  }
  if (prefix !== 0 && (prefix !== address || own.prefixLength < 32)) {
    const local = device.link === "loopback";
    if (local || !own.noPrefixRoute) {
      routes.push({
        ...common,
        table: local ? TABLE.LOCAL : TABLE.MAIN,
        type: local ? "local" : "unicast",
        destination: prefix,
        prefixLength: own.prefixLength,
        scope: local ? "host" : "link",
      });
    }
    if (own.prefixLength < 31) {
      routes.push({
        ...common,
        table: TABLE.LOCAL,
        type: "broadcast",
        destination: (prefix | ~mask) >>> 0,
        prefixLength: 32,
        scope: "link",
      });
    }
  }
  return routes;
}

/** The first address in a prefix, which lends its routes to the later ones. Kernel: devinet.c, inet_ifa_byprefix. */
function primaryOf(device: Interface, prefix: number, mask: number): number | undefined {
  const found = device.addresses.find(
    own => own.family === 4 && !own.secondary && (Number(own.peer ?? own.address) & mask) >>> 0 === prefix,
  );
  return found && Number(found.address);
}

function addressRoutes6(device: Interface, own: InterfaceAddress, forwards: boolean): Route[] {
  const address = BigInt(own.address);
  const common = { family: 6, device: device.name } as const;
  const routes: Route[] = [{ ...common, table: TABLE.LOCAL, type: "local", destination: address, prefixLength: 128, metric: 0 }];
  if (device.link === "loopback") return routes;
  const prefix = BigInt(own.peer ?? address) & mask6(own.prefixLength);
  // A router takes packets to the subnet-router anycast address. Kernel: addrconf.c, addrconf_join_anycast.
  if (forwards && own.prefixLength < 127)
    routes.push({ ...common, table: TABLE.LOCAL, type: "anycast", destination: prefix, prefixLength: 128, metric: 0 });
  if (!own.noPrefixRoute)
    routes.push({ ...common, table: TABLE.MAIN, type: "unicast", destination: prefix, prefixLength: own.prefixLength, metric: 256 });
  return routes;
}
