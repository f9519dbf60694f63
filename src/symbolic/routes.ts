import { among, any, all, named, type Field, type Predicate, type Range, type Scalar } from "../predicate/index.ts";
import { forwards6, Router, sysctl, type Host } from "../host/index.ts";
import type { Family } from "../predicate/index.ts";
import { cutsOf } from "./address-types.ts";

/** Where a host's routes lead, as tests of packets. */
export interface RouteTests {
  /** The address is delivered on this machine. */
  local(field: Field): Predicate;
  /** The address is this machine's own: packets may come from it. */
  own(field: Field): Predicate;
  /** Packets to the address of one machine leave by the interface. */
  leaves(address: Field, device: Field): Predicate;
  /** The same of broadcast and multicast addresses. */
  spreads(address: Field, device: Field): Predicate;
  /** The interfaces by which packets leave, each with addresses that lead there, of one machine or of many. */
  ways(address: Field): readonly (readonly [device: string, to: Predicate])[];
  /** Does the machine pass packets on? */
  readonly forwards: boolean;
}

/** Asks the host's router about one address of each range that it can tell apart; mark and type of service are 0. */
export function routeTests(host: Host, family: Family): RouteTests {
  const router = new Router(host);
  const greatest: Scalar = family === 4 ? 0xffffffff : (1n << 128n) - 1n;
  const starts = [...new Set<Scalar>(cutsOf(host, family))].filter(cut => cut <= greatest).toSorted((a, b) => (a < b ? -1 : 1));
  const local: Range[] = [];
  const own: Range[] = [];
  const [toOne, toMany] = [new Map<string, Range[]>(), new Map<string, Range[]>()];
  for (const [index, low] of starts.entries()) {
    const next = starts[index + 1];
    const high = next === undefined ? greatest : typeof next === "bigint" ? next - 1n : next - 1;
    const range: Range = [low, high];
    const type = router.addressType(family, low);
    if (type === LOCAL) own.push(range);
    if (LOCAL_TYPES.has(type)) local.push(range);
    if (type === LOCAL) continue;
    const route = router.output({ family, source: undefined, destination: low, mark: 0, tos: 0 });
    if (route.to !== "device") continue;
    const byDevice = LOCAL_TYPES.has(type) ? toMany : toOne;
    const ranges = byDevice.get(route.device.name);
    if (ranges) ranges.push(range);
    else byDevice.set(route.device.name, [range]);
  }
  const ways = (by: typeof toOne, address: Field): [string, Predicate][] =>
    [...by].map(([name, ranges]) => [name, among(address, ...ranges)]);
  const leaving = (by: typeof toOne, address: Field, device: Field): Predicate =>
    any(...ways(by, address).map(([name, to]) => all(named(device, name), to)));
  return {
    local: field => among(field, ...local),
    own: field => among(field, ...own),
    leaves: (address, device) => leaving(toOne, address, device),
    spreads: (address, device) => leaving(toMany, address, device),
    ways: address => [...ways(toOne, address), ...ways(toMany, address)],
    forwards: family === 4 ? sysctl(host, "net.ipv4.ip_forward") !== 0 : forwards6(host),
  };
}

/** RTN_LOCAL. */
const LOCAL = 2;
/** RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST. */
const LOCAL_TYPES: ReadonlySet<number> = new Set([LOCAL, 3, 5]);
