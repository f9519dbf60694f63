import { isLimitedBroadcast, isLinkLocal, isMulticast, isZeronet } from "./address-type.ts";
import type { Interface } from "./host.ts";
import type { RouteQuery, Routing } from "./routing.ts";

/** How strictly the way back to a packet's source is asked for. Kernel: xt_rpfilter.h. */
export interface ReversePathOptions {
  /** Any interface will do. */
  readonly loose: boolean;
  /** The packet's mark counts. */
  readonly validMark: boolean;
  /** A source that is this machine's own passes. */
  readonly acceptLocal: boolean;
}

/** Would an answer leave by the interface that the packet came in on? Kernel: ipt_rpfilter.c, rpfilter_mt; ip6t_rpfilter.c, rpfilter_mt. */
export function reversePath(routing: Routing, query: RouteQuery, device: Interface, options: ReversePathOptions): boolean {
  if (device.link === "loopback") return true;
  return query.family === 4 ? reverse4(routing, query, device, options) : reverse6(routing, query, device, options);
}

function reverse4(routing: Routing, query: RouteQuery, device: Interface, options: ReversePathOptions): boolean {
  const source = Number(query.source);
  const destination = Number(query.destination);
  const local = destination >>> 8 === LOCAL_MULTICAST;
  if (isZeronet(source) && (local || isLimitedBroadcast(destination))) return true;
  const single = !isMulticast(destination) && !isLimitedBroadcast(destination) && !isZeronet(destination);
  const mark = options.validMark ? query.mark : 0;
  const back = { destination: source, source: single ? destination : 0, iif: "lo", oif: "", mark, tos: query.tos };
  const found = routing.fib4.lookup(back);
  if ("error" in found) return false;
  const { route } = found;
  if (route.type !== "unicast" && (route.type !== "local" || !options.acceptLocal)) return false;
  return options.loose || route.device === device.name;
}

/** 224.0.0.0/24. */
const LOCAL_MULTICAST = 0xe00000;

function reverse6(routing: Routing, query: RouteQuery, device: Interface, options: ReversePathOptions): boolean {
  const source = BigInt(query.source);
  if (source === 0n) return true;
  const destination = BigInt(query.destination);
  const found = routing.fib6.lookup({
    destination: source,
    source: isMulticast(destination) ? undefined : destination,
    iif: "",
    oif: isLinkLocal(source) ? device.name : "",
    mark: options.validMark ? query.mark : 0,
    tos: query.tos,
  });
  if ("error" in found || found.route.type === "anycast") return false;
  if (found.route.type === "local") return options.acceptLocal;
  return options.loose || found.route.device === device.name;
}
