/** Targets, with the words of their options. */
import { DEVICES, hexNumber, MSS_VALUES, TOS_VALUES, TTLS } from "./pools.ts";
import { markValue } from "./match-header.ts";
import { NAT_TARGETS } from "./target-nat.ts";
import { MORE_TARGETS } from "./target-more.ts";
import { onlyIn, Options, type Maker, type Piece, type Place } from "./piece.ts";
import type { Random } from "./random.ts";

const always = (): boolean => true;
const inMangle = (place: Place): boolean => place.table === "mangle";
const inRaw = (place: Place): boolean => place.table === "raw";
const bare = (name: string): Piece => ({ text: `-j ${name}`, covers: [name] });

const REJECTIONS = {
  4: [
    "icmp-net-unreachable",
    "icmp-host-unreachable",
    "icmp-port-unreachable",
    "icmp-proto-unreachable",
    "icmp-net-prohibited",
    "icmp-host-prohibited",
    "icmp-admin-prohibited",
  ],
  6: [
    "icmp6-no-route",
    "icmp6-adm-prohibited",
    "icmp6-addr-unreachable",
    "icmp6-port-unreachable",
    "icmp6-policy-fail",
    "icmp6-reject-route",
  ],
} as const;

function reject(random: Random, place: Place): Piece {
  if (random.oneIn(4)) return bare("REJECT");
  const reset = place.protocol === "tcp" && random.oneIn(2);
  const options = new Options("-j", "REJECT");
  const kind = reset ? "tcp-reset" : random.pick(REJECTIONS[place.family]);
  const piece = options.add("--reject-with", kind).piece();
  return { text: piece.text, covers: [`REJECT ${kind}`] };
}

function log(random: Random): Piece {
  const options = new Options("-j", "LOG");
  if (random.oneIn(2)) options.add("--log-prefix", random.pick(['"drop: "', "x", '"a b"']));
  if (random.oneIn(3)) options.add("--log-level", random.pick(["0", "4", "7", "debug", "info"]));
  for (const flag of random.some(["--log-tcp-sequence", "--log-tcp-options", "--log-ip-options", "--log-uid", "--log-macdecode"], 0, 2))
    options.add(flag);
  return options.piece();
}

function nflog(random: Random): Piece {
  const options = new Options("-j", "NFLOG");
  if (!random.oneIn(4)) options.add("--nflog-group", random.pick(["1", "2", "30"]));
  if (random.oneIn(2)) options.add("--nflog-prefix", random.pick(["abc", '"two words"']));
  if (random.oneIn(3)) options.add("--nflog-size", random.pick(["20", "40", "0", "2000"]));
  if (random.oneIn(4)) options.add("--nflog-threshold", random.pick(["1", "5"]));
  return options.piece();
}

const mark = (random: Random): Piece => markOption(new Options("-j", "MARK"), random).piece();

function markOption(options: Options, random: Random): Options {
  const option = random.pick(["--set-mark", "--set-xmark", "--and-mark", "--or-mark", "--xor-mark"]);
  return options.add(option, option.startsWith("--set") ? markValue(random) : (markValue(random).split("/")[0] ?? "0"));
}

function connmark(random: Random): Piece {
  const options = new Options("-j", "CONNMARK");
  if (random.oneIn(2)) return markOption(options, random).piece();
  options.add(random.pick(["--save-mark", "--restore-mark"]));
  if (random.oneIn(2))
    options.add("--nfmask", random.pick(["0xff", "0xffffffff", "0xff00"])).add("--ctmask", random.pick(["0xff", "0xffffffff", "0xff0000"]));
  else if (random.oneIn(3)) options.add("--mask", random.pick(["0xff", "0xff00"]));
  return options.piece();
}

function tos(random: Random): Piece {
  const options = new Options("-j", "TOS");
  const value = hexNumber(random.pick(TOS_VALUES));
  const option = random.pick(["--set-tos", "--and-tos", "--or-tos", "--xor-tos"]);
  if (option !== "--set-tos" || random.oneIn(2)) return options.add(option, value).piece();
  return options.add(option, random.oneIn(3) ? "Minimize-Delay" : `${value}/${random.pick(["0xfc", "0x1e", "0xff"])}`).piece();
}

const dscp = (random: Random): Piece =>
  random.oneIn(2)
    ? new Options("-j", "DSCP").add("--set-dscp", hexNumber(random.pick(TOS_VALUES) >> 2)).piece()
    : new Options("-j", "DSCP").add("--set-dscp-class", random.pick(["BE", "EF", "CS5", "AF31"])).piece();

function ttl(random: Random, place: Place): Piece {
  const name = place.family === 6 ? "HL" : "TTL";
  const how = random.pick(["set", "inc", "dec"]);
  return new Options("-j", name)
    .add(`--${name.toLowerCase()}-${how}`, String(how === "set" ? random.pick([0, ...TTLS]) : random.pick([1, 2, 5, 64, 255])))
    .piece();
}

function tcpmss(random: Random): Piece {
  const options = new Options("-j", "TCPMSS");
  return random.oneIn(2)
    ? options.add("--clamp-mss-to-pmtu").piece()
    : options.add("--set-mss", String(Math.min(65_495, random.pick(MSS_VALUES)))).piece();
}

function tracking(random: Random, place: Place): Piece {
  const options = new Options("-j", "CT");
  const choice = random.below(6);
  if (choice === 0) return options.add("--notrack").piece();
  if (choice === 1) return options.add("--zone", random.pick(["1", "7", "65535"])).piece();
  if (choice === 2) return options.add("--zone", "mark").piece();
  if (choice === 3) return options.add(random.pick(["--zone-orig", "--zone-reply"]), random.pick(["1", "7", "mark"])).piece();
  if (choice === 4)
    return options
      .add("--ctevents", random.some(["new", "related", "destroy", "reply", "assured", "protoinfo", "mark"], 1, 3).join(","))
      .piece();
  return place.protocol === "tcp" ? options.add("--expevents", "new").piece() : options.piece();
}

/** Targets for every table but nat's own. Jumps are made by ruleset.ts. */
const PLAIN_TARGETS: readonly Maker[] = [
  { name: "ACCEPT", weight: 14, allowed: always, make: () => bare("ACCEPT") },
  { name: "DROP", weight: 5, allowed: place => place.table !== "nat", make: () => bare("DROP") },
  { name: "RETURN", weight: 5, allowed: always, make: () => bare("RETURN") },
  { name: "QUEUE", weight: 1, allowed: always, make: () => bare("QUEUE") },
  { name: "none", weight: 8, allowed: always, make: () => ({ text: "", covers: ["no target"] }) },
  { name: "REJECT", weight: 12, allowed: place => place.table === "filter", make: reject },
  { name: "LOG", weight: 2, allowed: always, make: log },
  { name: "NFLOG", weight: 3, allowed: always, make: nflog },
  { name: "MARK", weight: 8, allowed: always, make: mark },
  { name: "CONNMARK", weight: 6, allowed: place => place.table !== "raw", make: connmark },
  { name: "TOS", weight: 8, allowed: inMangle, make: tos },
  { name: "DSCP", weight: 6, allowed: inMangle, make: dscp },
  { name: "TTL", weight: 8, allowed: inMangle, make: ttl },
  {
    name: "TCPMSS",
    weight: 20,
    allowed: place => inMangle(place) && place.protocol === "tcp" && onlyIn(place, "FORWARD", "OUTPUT", "POSTROUTING"),
    make: tcpmss,
  },
  {
    name: "CHECKSUM",
    weight: 3,
    allowed: place => inMangle(place),
    make: () => new Options("-j", "CHECKSUM").add("--checksum-fill").piece(),
  },
  {
    name: "CLASSIFY",
    weight: 3,
    allowed: place => inMangle(place) && onlyIn(place, "FORWARD", "OUTPUT", "POSTROUTING"),
    make: random => new Options("-j", "CLASSIFY").add("--set-class", random.pick(["1:10", "ffff:ffff", "0:0"])).piece(),
  },
  { name: "CT", weight: 14, allowed: inRaw, make: tracking },
  { name: "NOTRACK", weight: 4, allowed: inRaw, make: () => bare("NOTRACK") },
  { name: "TRACE", weight: 2, allowed: inRaw, make: () => bare("TRACE") },
];

/** Every target of a rule at a place. */
export const TARGETS: readonly Maker[] = [...PLAIN_TARGETS, ...MORE_TARGETS, ...NAT_TARGETS];
/** Interfaces by name or prefix, for -i and -o. */
export const interfaceName = (random: Random): string => random.pick([...DEVICES, "eth+", "lo", "ppp+", "+", "eth"]);
