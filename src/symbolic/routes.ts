import { among, any, all, named, type Field, type Predicate, type Range, type Scalar } from "../predicate/index.ts";
import { forwards6, Router, sysctl, type Host } from "../host/index.ts";
import type { Family } from "../predicate/index.ts";
import { cutsOf } from "./address-types.ts";

/** Where a host's routes lead, as tests of packets. */
export interface RouteTests {
  /** The address is delivered on this machine. */
  local(field: Field): Predicate;
  /** Packets to the address leave by the interface. */
  leaves(address: Field, device: Field): Predicate;
  /** The interfaces by which packets leave, each with the addresses that lead there. */
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
  const byDevice = new Map<string, Range[]>();
  for (const [index, low] of starts.entries()) {
    const next = starts[index + 1];
    const high = next === undefined ? greatest : typeof next === "bigint" ? next - 1n : next - 1;
    const range: Range = [low, high];
    if (LOCAL_TYPES.has(router.addressType(family, low))) {
      local.push(range);
      continue;
    }
    const route = router.output({ family, source: undefined, destination: low, mark: 0, tos: 0 });
    if (route.to !== "device") continue;
    const ranges = byDevice.get(route.device.name);
    if (ranges) ranges.push(range);
    else byDevice.set(route.device.name, [range]);
  }
  const ways = (address: Field): [string, Predicate][] => [...byDevice].map(([name, ranges]) => [name, among(address, ...ranges)]);
  return {
    local: field => among(field, ...local),
    leaves: (address, device) => any(...ways(address).map(([name, to]) => all(named(device, name), to))),
    ways,
    forwards: family === 4 ? sysctl(host, "net.ipv4.ip_forward") !== 0 : forwards6(host),
  };
}

/** RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST. */
const LOCAL_TYPES: ReadonlySet<number> = new Set([2, 3, 5]);
