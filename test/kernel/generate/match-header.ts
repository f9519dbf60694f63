/** Matches on the network header, the link and the packet's own attributes. */
import { anyAddress, DEVICES, hexNumber, LENGTHS, MACS, MARKS, MARK_MASKS, TOS_VALUES, TTLS, UIDS } from "./pools.ts";
import { onlyIn, Options, type Maker, type Piece, type Place } from "./piece.ts";
import type { Random } from "./random.ts";
import { addressBytes } from "./bytes.ts";

const always = (): boolean => true;

/** `value[/mask]` of marks. */
export function markValue(random: Random): string {
  const value = random.pick(MARKS);
  if (random.oneIn(2)) return hexNumber(value);
  const mask = random.pick(MARK_MASKS);
  return `${hexNumber(random.oneIn(4) ? value : value & mask)}/${hexNumber(mask)}`;
}

const mark = (random: Random): Piece => new Options("-m", "mark").add("--mark", markValue(random), random.oneIn(3)).piece();
const mac = (random: Random): Piece => new Options("-m", "mac").add("--mac-source", random.pick(MACS), random.oneIn(3)).piece();

function iprange(random: Random, place: Place): Piece {
  const options = new Options("-m", "iprange");
  const source = random.oneIn(2);
  if (source) options.add("--src-range", addressRange(random, place.family), random.oneIn(3));
  if (!source || random.oneIn(3)) options.add("--dst-range", addressRange(random, place.family), random.oneIn(3));
  return options.piece();
}

function addressRange(random: Random, family: 4 | 6): string {
  return [anyAddress(random, family), anyAddress(random, family)].toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)).join("-");
}

const sortKey = (address: string): string => Buffer.from(addressBytes(address)).toString("hex");

function numberRange(random: Random, values: readonly number[], separator: string): string {
  const one = random.pick(values);
  const other = random.pick(values);
  return one < other && random.oneIn(2) ? `${one}${separator}${other}` : String(one);
}

function ttl(random: Random, place: Place): Piece {
  const name = place.family === 6 ? "hl" : "ttl";
  const test = random.pick(["eq", "gt", "lt"]);
  return new Options("-m", name).add(`--${name}-${test}`, String(random.pick(TTLS)), test === "eq" && random.oneIn(3)).piece();
}

function tos(random: Random): Piece {
  const value = random.pick(TOS_VALUES);
  const text = random.weighted([
    [2, hexNumber(value)],
    [2, `${hexNumber(value)}/${hexNumber(random.pick([0xff, 0xfc, 0x3f, 0x1e, 0x03, 0x10]))}`],
    [1, random.pick(["Minimize-Delay", "Maximize-Throughput", "Maximize-Reliability", "Minimize-Cost", "Normal-Service"])],
  ]);
  return new Options("-m", "tos").add("--tos", text, random.oneIn(3)).piece();
}

function dscp(random: Random): Piece {
  const options = new Options("-m", "dscp");
  if (random.oneIn(2)) return options.add("--dscp-class", random.pick(["BE", "EF", "CS1", "AF11", "AF41", "CS7"]), random.oneIn(3)).piece();
  return options.add("--dscp", hexNumber(random.pick(TOS_VALUES) >> 2), random.oneIn(3)).piece();
}

const ADDRESS_TYPES4 = ["UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT"];
const ADDRESS_TYPES6 = ["UNICAST", "LOCAL", "MULTICAST", "UNREACHABLE", "ANYCAST"];

function addrtype(random: Random, place: Place): Piece {
  const options = new Options("-m", "addrtype");
  const types = place.family === 6 ? ADDRESS_TYPES6 : ADDRESS_TYPES4;
  const list = (): string => (random.oneIn(2) ? random.pick(["LOCAL", "UNICAST", "MULTICAST"]) : random.some(types, 1, 3).join(","));
  const source = random.oneIn(2);
  if (source) options.add("--src-type", list(), random.oneIn(3));
  if (!source || random.oneIn(4)) options.add("--dst-type", list(), random.oneIn(3));
  if (random.oneIn(3)) {
    if (onlyIn(place, "PREROUTING", "INPUT", "FORWARD")) options.add("--limit-iface-in");
    else if (onlyIn(place, "OUTPUT", "POSTROUTING", "FORWARD")) options.add("--limit-iface-out");
  }
  return options.piece();
}

function owner(random: Random): Piece {
  const options = new Options("-m", "owner");
  const choice = random.below(5);
  if (choice === 0) options.add("--socket-exists", "", random.oneIn(3));
  if (choice === 1 || choice === 2) options.add("--uid-owner", numberRange(random, UIDS, "-"), random.oneIn(3));
  if (choice === 2 || choice === 3) options.add("--gid-owner", numberRange(random, UIDS, "-"), random.oneIn(3));
  if (choice === 4) options.add("--gid-owner", String(random.pick(UIDS)), random.oneIn(3)).add("--suppl-groups");
  return options.piece();
}

function physdev(random: Random, place: Place): Piece {
  const options = new Options("-m", "physdev");
  const ports = place.tier === "bridge" ? ["p0", "p1", "p+"] : [...DEVICES, "eth+"];
  const out = onlyIn(place, "FORWARD", "POSTROUTING");
  const choice = random.below(out ? 5 : 3);
  if (choice === 0) options.add("--physdev-in", random.pick(ports), random.oneIn(3));
  if (choice === 1) options.add("--physdev-is-in", "", random.oneIn(3));
  if (choice === 2) options.add("--physdev-is-bridged", "", random.oneIn(3));
  if (choice === 3) options.add("--physdev-is-bridged").add("--physdev-out", random.pick(ports), random.oneIn(3));
  if (choice === 4) options.add("--physdev-is-bridged").add("--physdev-is-out", "", random.oneIn(3));
  return options.piece();
}

/** mark, mac, iprange, length, ttl, hl, tos, dscp, pkttype, addrtype, owner, physdev, comment. */
export const HEADER_MATCHES: readonly Maker[] = [
  { name: "mark", weight: 5, allowed: always, make: mark },
  { name: "mac", weight: 2, allowed: place => onlyIn(place, "PREROUTING", "INPUT", "FORWARD"), make: mac },
  { name: "iprange", weight: 3, allowed: always, make: iprange },
  {
    name: "length",
    weight: 3,
    allowed: always,
    make: random => new Options("-m", "length").add("--length", numberRange(random, LENGTHS, ":"), random.oneIn(3)).piece(),
  },
  { name: "ttl", weight: 3, allowed: always, make: ttl },
  { name: "tos", weight: 3, allowed: always, make: tos },
  { name: "dscp", weight: 2, allowed: always, make: dscp },
  {
    name: "pkttype",
    weight: 2,
    allowed: always,
    make: random =>
      new Options("-m", "pkttype").add("--pkt-type", random.pick(["unicast", "broadcast", "multicast"]), random.oneIn(3)).piece(),
  },
  { name: "addrtype", weight: 4, allowed: always, make: addrtype },
  { name: "owner", weight: 12, allowed: place => onlyIn(place, "OUTPUT", "POSTROUTING"), make: owner },
  { name: "physdev", weight: 1, allowed: always, make: physdev },
  { name: "physdev", weight: 25, allowed: place => place.tier === "bridge", make: physdev },
  {
    name: "comment",
    weight: 1,
    allowed: always,
    make: random => new Options("-m", "comment").add("--comment", random.pick(["x", '"two words"', '"quo\\"te"', "-j"])).piece(),
  },
];
