import type { Family, Scalar } from "../predicate/index.ts";

/** Names of addresses on a machine that has only Debian's own hosts and networks files; a listing without -n asks the hosts first. */
const NAMES: readonly (readonly [name: string, address: number, kind: "host" | "network"])[] = [
  ["localhost", 0x7f000001, "host"],
  ["default", 0x00000000, "network"],
  ["loopback", 0x7f000000, "network"],
  ["link-local", 0xa9fe0000, "network"],
];

/** The name that Debian's hosts and networks files give an address; undefined for any other. libxtables: ipaddr_to_host, ipaddr_to_network. */
export function debianHostName(address: Scalar, family: Family): string | undefined {
  if (family === 6) return undefined;
  return NAMES.find(([, known]) => known === address)?.[0];
}

/** The address of a network name in Debian's networks file, dotted. */
export function debianNetwork(name: string): string | undefined {
  const found = NAMES.find(([known, , kind]) => kind === "network" && known === name);
  if (!found) return undefined;
  const [, address] = found;
  return [24, 16, 8, 0].map(shift => (address >>> shift) & 0xff).join(".");
}
