import { neighbourNetworks } from "../host/index.ts";
import { all, among, any, named } from "../predicate/index.ts";
import { NO, type Diagram } from "./diagrams.ts";
import { clientView } from "./hooks.ts";
import { Lowering } from "./lower.ts";
import type { Space } from "./space.ts";

/**
 * Packets between two machines of one network of the host, in and out by its interface. Where the destination was translated and the source was
 * not, the server answers the client directly, past this machine and from an address that the client did not ask. Without a host nobody knows
 * of such networks.
 */
export function withinOneNetwork(space: Space): Diagram {
  const { host } = space.surroundings.known;
  if (host === undefined) return NO;
  const networks = neighbourNetworks(host, space.family).map(({ device, range }) =>
    all(named("iif", device), named("oif", device), among("saddr", range), among("daddr", range)),
  );
  return new Lowering(space, clientView(space)).set(any(...networks));
}
