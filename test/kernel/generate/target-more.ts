/** Targets beyond the usual ones, with the words of their options. */
import { DEVICES, REMOTE } from "./pools.ts";
import { onlyIn, Options, type Maker, type Piece, type Place } from "./piece.ts";
import type { Random } from "./random.ts";
import { GIVING, GROWING } from "./sets.ts";

const always = (): boolean => true;
const inMangle = (place: Place): boolean => place.table === "mangle";
const ported = (place: Place): boolean => place.protocol === "tcp" || place.protocol === "udp";

function nfqueue(random: Random, place: Place): Piece {
  const options = new Options("-j", "NFQUEUE");
  if (random.oneIn(2)) options.add("--queue-num", random.pick(["0", "5", "65535"]));
  else options.add("--queue-balance", random.pick(["0:3", "5:6"]));
  // In nat a packet that no program takes goes on without a mapping, and the next one is asked again.
  if (place.table !== "nat" && random.oneIn(2)) options.add("--queue-bypass");
  return options.piece();
}

function strip(random: Random): Piece {
  return new Options("-j", "TCPOPTSTRIP")
    .add("--strip-options", random.pick(["timestamp", "mss", "sack-permitted,wscale", "3,4,8", "2"]))
    .piece();
}

function hmark(random: Random): Piece {
  const options = new Options("-j", "HMARK");
  if (random.oneIn(3)) options.add("--hmark-src-prefix", random.pick(["24", "16"])).add("--hmark-dst-prefix", "8");
  else options.add("--hmark-tuple", random.pick(["src", "src,dst", "src,dst,sport,dport", "ct,src,dst", "dst,dport"]));
  return options
    .add("--hmark-mod", random.pick(["4", "100", "1"]))
    .add("--hmark-offset", random.pick(["0", "1", "1000"]))
    .add("--hmark-rnd", "0xcafe")
    .piece();
}

function tproxy(random: Random, place: Place): Piece {
  const options = new Options("-j", "TPROXY").add("--on-port", random.pick(["0", "80", "8080"]));
  if (random.oneIn(2)) options.add("--on-ip", place.family === 4 ? "10.99.0.1" : "fd00:99::1");
  if (random.oneIn(2)) options.add("--tproxy-mark", random.pick(["0x1/0x1", "0x10"]));
  return options.piece();
}

function sets(random: Random, place: Place): Piece {
  const options = new Options("-j", "SET");
  const giving = GIVING.filter(one => one.family === place.family);
  if (giving.length > 0 && inMangle(place) && random.oneIn(3)) {
    const flags = random.some(["--map-mark", ...(onlyIn(place, "FORWARD", "OUTPUT", "POSTROUTING") ? ["--map-prio"] : [])], 1, 2);
    options.add("--map-set", `${random.pick(giving).name} ${random.pick(["src", "dst"])}`);
    for (const flag of flags) options.add(flag);
    return options.piece();
  }
  const { name, ends } = random.pick(GROWING.filter(one => one.family === place.family));
  const sides = ends.map(() => random.pick(["src", "dst"])).join(",");
  if (random.oneIn(3)) return options.add("--del-set", `${name} ${sides}`).piece();
  options.add("--add-set", `${name} ${sides}`);
  if (!name.includes("port") && random.oneIn(3)) options.add("--timeout", "1000");
  if (random.oneIn(2)) options.add("--exist");
  return options.piece();
}

const PREFIXES = [
  ["2001:db8:1::/48", "2001:db8:1::-2001:db8:1:ffff:ffff:ffff:ffff:ffff", "fd00:99:1::/48"],
  ["fd00:99:1::/48", "fd00:99:1::-fd00:99:1:ffff:ffff:ffff:ffff:ffff", "2001:db8:1::/48"],
  ["2001:db8:7::/64", "2001:db8:7::-2001:db8:7::ffff:ffff:ffff:ffff", "2001:db8:2:1::/64"],
] as const;

/** Only of addresses that have the prefix: of others the sums would be wrong, which is one thing to one part of the kernel and another to the next. */
function prefix(random: Random, place: Place): Piece {
  const incoming = onlyIn(place, "PREROUTING", "OUTPUT");
  const [from, range, to] = random.pick(PREFIXES);
  const piece = new Options("-j", incoming ? "DNPT" : "SNPT").add("--src-pfx", from).add("--dst-pfx", to).piece();
  return { text: `-m iprange ${incoming ? "--dst-range" : "--src-range"} ${range} ${piece.text}`, covers: piece.covers };
}

/** Targets of every table. */
export const MORE_TARGETS: readonly Maker[] = [
  { name: "NFQUEUE", weight: 1, allowed: always, make: nfqueue },
  { name: "TCPOPTSTRIP", weight: 12, allowed: place => inMangle(place) && place.protocol === "tcp", make: strip },
  {
    name: "ECN",
    weight: 8,
    allowed: place => inMangle(place) && place.family === 4 && place.protocol === "tcp",
    make: () => new Options("-j", "ECN").add("--ecn-tcp-remove").piece(),
  },
  { name: "HMARK", weight: 4, allowed: inMangle, make: hmark },
  {
    name: "TEE",
    weight: 3,
    allowed: place => place.table !== "nat",
    make: (random, place) =>
      new Options("-j", "TEE").add("--gateway", random.pick(REMOTE[place.family][random.pick(DEVICES)] ?? [])).piece(),
  },
  { name: "TPROXY", weight: 12, allowed: place => inMangle(place) && ported(place) && onlyIn(place, "PREROUTING"), make: tproxy },
  { name: "SET", weight: 4, allowed: place => GROWING.some(one => one.family === place.family), make: sets },
  {
    name: "NPT",
    weight: 8,
    allowed: place =>
      inMangle(place) && place.family === 6 && (onlyIn(place, "PREROUTING", "OUTPUT") || onlyIn(place, "INPUT", "POSTROUTING")),
    make: prefix,
  },
  {
    name: "AUDIT",
    weight: 1,
    allowed: place => place.table === "filter",
    make: random => new Options("-j", "AUDIT").add("--type", random.pick(["accept", "drop", "reject"])).piece(),
  },
];
