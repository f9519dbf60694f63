import type { FibResult } from "./fib.ts";
import type { RouteQuery, Routing } from "./routing.ts";

type Found = Extract<FibResult, { readonly route: unknown }>;

/** Takes each half of a realm from a tag where it has none. Kernel: route.c, set_class_tag. */
function completed(realm: number, tag: number): number {
  let whole = realm;
  if ((whole & 0xffff) === 0) whole |= tag & 0xffff;
  if (whole >>> 16 === 0) whole |= tag & 0xffff0000;
  return whole >>> 0;
}

/** Realms of a packet whose route was found: the route's, then its policy rule's, then those of the way back. Kernel: route.c, rt_set_nexthop. */
export function realmOf(found: Found, tag = 0): number {
  return completed(completed(found.route.realm ?? 0, found.realm ?? 0), tag);
}

/** What the way back to a packet's source says of its realm, the upper half. `oif` is the interface it leaves by, if any. Kernel: fib_frontend.c, fib_validate_source; ip_fib.h, fib_combine_itag. */
export function sourceTag(routing: Routing, { source, destination, mark, tos }: RouteQuery, oif: string, validMark: boolean): number {
  if (!routing.realms) return 0;
  const iif = oif === "" ? "lo" : oif;
  const found = routing.fib4.lookup({ destination: source, source: destination, iif, oif: "", mark: validMark ? mark : 0, tos });
  if ("error" in found) return 0;
  const rule = found.realm ?? 0;
  const own = ((found.route.realm ?? 0) << 16) >>> 0;
  return ((own === 0 ? rule << 16 : own) | (rule >>> 16)) >>> 0;
}
