/** Matches on connections, on time and on history. */
import { anyPrefix, PORTS } from "./pools.ts";
import { markValue } from "./match-header.ts";
import { Options, type Maker, type Piece, type Place } from "./piece.ts";
import type { Random } from "./random.ts";

const always = (): boolean => true;
const STATES = ["INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED"];

const state = (random: Random): Piece =>
  new Options("-m", "state").add("--state", random.some(STATES, 1, 3).join(","), random.oneIn(4)).piece();

function conntrack(random: Random, place: Place): Piece {
  const options = new Options("-m", "conntrack");
  if (random.oneIn(2)) return options.add("--ctstate", random.some([...STATES, "SNAT", "DNAT"], 1, 3).join(","), random.oneIn(4)).piece();
  const makers: readonly (() => Options)[] = [
    () => options.add("--ctproto", random.pick(["tcp", "udp", "17", place.family === 6 ? "icmpv6" : "icmp", "sctp"]), random.oneIn(3)),
    () => options.add("--ctorigsrc", anyPrefix(random, place.family), random.oneIn(3)),
    () => options.add("--ctorigdst", anyPrefix(random, place.family), random.oneIn(3)),
    () => options.add("--ctreplsrc", anyPrefix(random, place.family), random.oneIn(3)),
    () => options.add("--ctrepldst", anyPrefix(random, place.family), random.oneIn(3)),
    () => options.add("--ctorigsrcport", portPair(random), random.oneIn(3)),
    () => options.add("--ctorigdstport", portPair(random), random.oneIn(3)),
    () => options.add("--ctreplsrcport", portPair(random), random.oneIn(3)),
    () => options.add("--ctrepldstport", portPair(random), random.oneIn(3)),
    () =>
      options.add(
        "--ctstatus",
        random.oneIn(4) ? "NONE" : random.some(["EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"], 1, 2).join(","),
        random.oneIn(3),
      ),
    // Borders far from every timeout, so that a slow machine changes nothing.
    () => options.add("--ctexpire", random.pick(["0:15", "15:45", "45:100", "100:200", "200:500000", "15", "0:500000"]), random.oneIn(3)),
    () => options.add("--ctdir", random.pick(["ORIGINAL", "REPLY"])),
    () => options.add("--ctstate", random.some([...STATES, "SNAT", "DNAT"], 1, 3).join(","), random.oneIn(4)),
  ];
  for (const add of random.some(makers, 1, 2)) add();
  return options.piece();
}

function portPair(random: Random): string {
  const one = random.pick(PORTS);
  const other = random.pick(PORTS);
  return one < other && random.oneIn(2) ? `${one}:${other}` : String(one);
}

function limit(random: Random): Piece {
  const options = new Options("-m", "limit");
  if (!random.oneIn(5)) options.add("--limit", random.pick(["1/hour", "3/minute", "10/min", "10/hour"]));
  if (!random.oneIn(3)) options.add("--limit-burst", String(random.pick([1, 2, 5, 20])));
  return options.piece();
}

function recent(random: Random, place: Place): Piece {
  const options = new Options("-m", "recent");
  const test = random.pick(["--set", "--rcheck", "--update", "--remove"]);
  options.add(test, "", random.oneIn(4));
  if (test === "--rcheck" || test === "--update") {
    if (random.oneIn(2)) options.add("--seconds", String(random.pick([1000, 3600])));
    if (random.oneIn(2)) options.add("--hitcount", String(random.pick([1, 2, 3, 5, 20])));
    if (random.oneIn(3)) options.add("--rttl");
  }
  if (random.oneIn(2)) options.add("--name", random.pick(["DEFAULT", "one", "two"]));
  options.add(random.oneIn(2) ? "--rsource" : "--rdest");
  if (random.oneIn(3))
    options.add(
      "--mask",
      place.family === 4 ? random.pick(["255.255.255.0", "255.255.0.0"]) : random.pick(["ffff:ffff:ffff::", "ffff:ffff::"]),
    );
  return options.piece();
}

/** state, conntrack, connmark; limit and recent in the tier `time`. */
export const TRACKING_MATCHES: readonly Maker[] = [
  { name: "state", weight: 6, allowed: always, make: state },
  { name: "conntrack", weight: 16, allowed: always, make: conntrack },
  {
    name: "connmark",
    weight: 4,
    allowed: always,
    make: random => new Options("-m", "connmark").add("--mark", markValue(random), random.oneIn(3)).piece(),
  },
];

/** Matches that remember. Their periods are long, so that only the count decides. */
export const TIME_MATCHES: readonly Maker[] = [
  { name: "limit", weight: 12, allowed: always, make: limit },
  { name: "recent", weight: 24, allowed: always, make: recent },
];
