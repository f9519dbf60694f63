/** Matches that look into transport headers. */
import { ICMP6_TYPES, ICMP_TYPES, MSS_VALUES, PORTS, portRange } from "./pools.ts";
import { Options, type Maker, type Piece, type Place } from "./piece.ts";
import type { Random } from "./random.ts";

const FLAG_NAMES = ["SYN", "ACK", "FIN", "RST", "URG", "PSH"];
const isTcp = (place: Place): boolean => place.protocol === "tcp";

function tcp(random: Random): Piece {
  const options = new Options("-m", "tcp");
  if (random.oneIn(3)) options.add("--sport", portRange(random), random.oneIn(3));
  if (random.oneIn(2)) options.add("--dport", portRange(random), random.oneIn(3));
  if (random.oneIn(4)) options.add("--syn", "", random.oneIn(2));
  else if (random.oneIn(3)) options.add("--tcp-flags", `${flagMask(random)} ${flagMask(random)}`, random.oneIn(3));
  if (random.oneIn(6)) options.add("--tcp-option", String(random.pick([1, 2, 3, 4, 5, 8, 30, 255])), random.oneIn(3));
  return options.piece();
}

function flagMask(random: Random): string {
  if (random.oneIn(4)) return random.pick(["ALL", "NONE"]);
  return random.some(FLAG_NAMES, 1, 4).join(",");
}

function udp(random: Random): Piece {
  const options = new Options("-m", "udp");
  if (random.oneIn(2)) options.add("--sport", portRange(random), random.oneIn(3));
  if (random.oneIn(2)) options.add("--dport", portRange(random), random.oneIn(3));
  return options.piece();
}

function sctp(random: Random): Piece {
  const options = new Options("-m", "sctp");
  if (random.oneIn(3)) options.add("--sport", portRange(random), random.oneIn(3));
  if (random.oneIn(3)) options.add("--dport", portRange(random), random.oneIn(3));
  if (random.oneIn(2)) {
    const chunks = random.some(
      [
        "DATA:Be",
        "DATA:u",
        "DATA",
        "INIT",
        "INIT_ACK",
        "COOKIE_ECHO",
        "COOKIE_ACK",
        "ABORT:T",
        "ABORT",
        "SHUTDOWN",
        "SACK",
        "HEARTBEAT",
        "ASCONF",
      ],
      1,
      3,
    );
    const names = new Set(chunks.map(chunk => chunk.split(":")[0]));
    const list = names.size === chunks.length && !random.oneIn(8) ? chunks.join(",") : random.pick(["ALL", "NONE"]);
    options.add("--chunk-types", `${random.pick(["any", "all", "only"])} ${list}`, random.oneIn(3));
  }
  return options.piece();
}

function icmp(random: Random, place: Place): Piece {
  const six = place.family === 6;
  const [type, code] = random.pick(six ? ICMP6_TYPES : ICMP_TYPES);
  const names = six
    ? [
        "echo-request",
        "echo-reply",
        "destination-unreachable",
        "packet-too-big",
        "time-exceeded",
        "port-unreachable",
        "parameter-problem",
        "neighbour-solicitation",
      ]
    : [
        "any",
        "echo-request",
        "echo-reply",
        "destination-unreachable",
        "port-unreachable",
        "fragmentation-needed",
        "time-exceeded",
        "redirect",
        "source-quench",
        "parameter-problem",
      ];
  const value = random.weighted([
    [2, String(type)],
    [2, `${type}/${code}`],
    [2, random.pick(names)],
  ]);
  return new Options("-m", six ? "icmp6" : "icmp").add(six ? "--icmpv6-type" : "--icmp-type", value, random.oneIn(3)).piece();
}

function multiport(random: Random): Piece {
  const parts: string[] = [];
  let slots = random.oneIn(6) ? 15 : random.between(1, 5);
  while (slots > 0) {
    const one = random.pick(PORTS);
    const other = random.pick(PORTS);
    const range = slots >= 2 && one < other && random.oneIn(3);
    parts.push(range ? `${one}:${other}` : String(one));
    slots -= range ? 2 : 1;
  }
  return new Options("-m", "multiport").add(random.pick(["--sports", "--dports", "--ports"]), parts.join(","), random.oneIn(3)).piece();
}

function tcpmss(random: Random): Piece {
  const one = random.pick(MSS_VALUES);
  const other = random.pick(MSS_VALUES);
  const value = one < other && random.oneIn(2) ? `${one}:${other}` : String(one);
  return new Options("-m", "tcpmss").add("--mss", value, random.oneIn(3)).piece();
}

/** tcp, udp, sctp, icmp, icmp6, multiport, tcpmss. */
export const TRANSPORT_MATCHES: readonly Maker[] = [
  { name: "tcp", weight: 36, allowed: isTcp, make: tcp },
  { name: "udp", weight: 26, allowed: place => place.protocol === "udp", make: udp },
  { name: "sctp", weight: 36, allowed: place => place.protocol === "sctp", make: sctp },
  { name: "icmp", weight: 36, allowed: place => place.protocol === (place.family === 6 ? "icmpv6" : "icmp"), make: icmp },
  { name: "multiport", weight: 10, allowed: place => ["tcp", "udp", "udplite", "sctp", "dccp"].includes(place.protocol), make: multiport },
  { name: "tcpmss", weight: 6, allowed: isTcp, make: tcpmss },
];
