/** DNAT, SNAT, MASQUERADE, REDIRECT and NETMAP. */
import { LOCAL, PORTS, REMOTE } from "./pools.ts";
import { onlyIn, Options, type Maker, type Piece, type Place } from "./piece.ts";
import type { Random } from "./random.ts";

const hasPorts = (place: Place): boolean => ["tcp", "udp", "sctp"].includes(place.protocol);
const destinationHook = (place: Place): boolean => place.table === "nat" && onlyIn(place, "PREROUTING", "OUTPUT");
const sourceHook = (place: Place): boolean => place.table === "nat" && onlyIn(place, "INPUT", "POSTROUTING");

/** `a[-b][:port[-port]]`; IPv6 addresses in brackets when ports follow. */
function natTarget(random: Random, place: Place, addresses: readonly string[], base: boolean): string {
  const ports = hasPorts(place) && random.oneIn(2) ? natPorts(random, base) : "";
  if (ports !== "" && random.oneIn(4)) return `:${ports}`;
  const address = random.oneIn(4) ? addressSpan(random, place.family) : random.pick(addresses);
  if (ports === "") return address;
  return place.family === 6 ? `[${address}]:${ports}` : `${address}:${ports}`;
}

function natPorts(random: Random, base: boolean): string {
  const one = Math.max(1, random.pick(PORTS));
  const other = Math.max(1, random.pick(PORTS));
  if (one >= other || random.oneIn(2)) return String(one);
  return base && random.oneIn(3) ? `${one}-${other}/${random.pick([1, 22, 40_000])}` : `${one}-${other}`;
}

function addressSpan(random: Random, family: 4 | 6): string {
  return family === 4
    ? random.pick(["192.168.1.10-192.168.1.13", "203.0.113.9-203.0.113.10", "172.16.5.5-172.16.5.5", "10.98.7.0-10.98.7.255"])
    : random.pick(["2001:db8:1::10-2001:db8:1::13", "2001:db8:7::9-2001:db8:7::a", "2001:db8:2::5-2001:db8:2::5"]);
}

/** Options that make the kernel roll dice belong to the tier `random`. */
function dice(options: Options, random: Random, place: Place, choices: readonly string[]): Piece {
  if (place.tier === "random" && random.oneIn(2)) options.add(random.pick(choices));
  return options.piece();
}

const hosts = (family: 4 | 6): string[] => Object.values(REMOTE[family]).flat();

function dnat(random: Random, place: Place): Piece {
  const options = new Options("-j", "DNAT").add(
    "--to-destination",
    natTarget(random, place, [...hosts(place.family), ...LOCAL[place.family]], place.family === 4),
  );
  if (random.oneIn(6)) options.add("--persistent");
  return dice(options, random, place, ["--random"]);
}

function snat(random: Random, place: Place): Piece {
  const options = new Options("-j", "SNAT").add(
    "--to-source",
    natTarget(random, place, [...LOCAL[place.family], ...LOCAL[place.family], ...hosts(place.family)], false),
  );
  if (random.oneIn(6)) options.add("--persistent");
  return dice(options, random, place, ["--random", "--random-fully"]);
}

function portTarget(random: Random, place: Place, name: "MASQUERADE" | "REDIRECT"): Piece {
  const options = new Options("-j", name);
  if (hasPorts(place) && random.oneIn(2)) options.add("--to-ports", natPorts(random, false));
  return dice(options, random, place, name === "REDIRECT" ? ["--random"] : ["--random", "--random-fully"]);
}

function netmap(random: Random, place: Place): Piece {
  const to =
    place.family === 4
      ? random.pick(["192.168.7.0/24", "172.16.0.0/12", "203.0.113.8/30", "192.168.9.9"])
      : random.pick(["2001:db8:1:7::/64", "2001:db8:2::/48", "2001:db8:7::9"]);
  return new Options("-j", "NETMAP").add("--to", to).piece();
}

/** The targets of the nat table. */
export const NAT_TARGETS: readonly Maker[] = [
  { name: "DNAT", weight: 25, allowed: destinationHook, make: dnat },
  { name: "SNAT", weight: 25, allowed: sourceHook, make: snat },
  {
    name: "MASQUERADE",
    weight: 20,
    allowed: place => place.table === "nat" && onlyIn(place, "POSTROUTING"),
    make: (random, place) => portTarget(random, place, "MASQUERADE"),
  },
  { name: "REDIRECT", weight: 20, allowed: destinationHook, make: (random, place) => portTarget(random, place, "REDIRECT") },
  { name: "NETMAP", weight: 8, allowed: place => place.table === "nat" && (destinationHook(place) || sourceHook(place)), make: netmap },
];
