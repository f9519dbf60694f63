/** Matches on extension headers, security headers, payload bytes and what the machine knows of a packet. */
import { anyAddress, hexNumber, PORTS } from "./pools.ts";
import { onlyIn, Options, type Maker, type Piece, type Place } from "./piece.ts";
import type { Random } from "./random.ts";
import { SETS } from "./sets.ts";

const always = (): boolean => true;
const six = (place: Place): boolean => place.family === 6;
const incoming = (place: Place): boolean => onlyIn(place, "PREROUTING", "INPUT", "FORWARD");
const spi = (random: Random): string => random.pick(["0:4294967295", "1", "256", "0x100:0x200", "0:1000000", "1000:4294967295"]);

function ah(random: Random, place: Place): Piece {
  const options = new Options("-m", "ah").add("--ahspi", spi(random), random.oneIn(3));
  if (place.family === 6 && random.oneIn(2)) options.add("--ahlen", random.pick(["12", "24", "8"]), random.oneIn(3));
  if (place.family === 6 && random.oneIn(3)) options.add("--ahres");
  return options.piece();
}

function ipcomp(random: Random): Piece {
  const options = new Options("-m", "ipcomp").add("--ipcompspi", random.pick(["2", "0:65535", "0:100"]), random.oneIn(3));
  if (random.oneIn(3)) options.add("--compres");
  return options.piece();
}

const DCCP_TYPES = ["REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID"];

function dccp(random: Random): Piece {
  const options = new Options("-m", "dccp");
  if (random.oneIn(3)) options.add("--sport", orderedPorts(random), random.oneIn(3));
  if (random.oneIn(3)) options.add("--dport", orderedPorts(random), random.oneIn(3));
  if (random.oneIn(2)) options.add("--dccp-types", random.some(DCCP_TYPES, 1, 5).join(","), random.oneIn(3));
  if (random.oneIn(4)) options.add("--dccp-option", random.pick(["1", "38", "128"]), random.oneIn(3));
  return options.piece();
}

function orderedPorts(random: Random): string {
  const one = random.pick(PORTS);
  const other = random.pick(PORTS);
  return one < other ? `${one}:${other}` : String(one);
}

function ecn(random: Random, place: Place): Piece {
  const options = new Options("-m", "ecn");
  const tcp = place.protocol === "tcp";
  if (tcp && random.oneIn(2)) options.add("--ecn-tcp-cwr", "", random.oneIn(3));
  if (tcp && random.oneIn(2)) options.add("--ecn-tcp-ece", "", random.oneIn(3));
  if (!tcp || options.piece().text === "-m ecn" || random.oneIn(3))
    options.add("--ecn-ip-ect", random.pick(["0", "1", "2", "3"]), random.oneIn(3));
  return options.piece();
}

function frag(random: Random): Piece {
  const options = new Options("-m", "frag");
  if (random.oneIn(2)) options.add("--fragid", random.pick(["0:4294967295", "0:1000", "0x80000000:4294967295"]), random.oneIn(3));
  if (random.oneIn(4)) options.add("--fraglen", random.pick(["8", "0"]));
  if (random.oneIn(6)) options.add("--fragres");
  if (random.oneIn(3)) options.add("--fragfirst");
  if (random.oneIn(3)) options.add(random.pick(["--fragmore", "--fraglast"]));
  return options.piece();
}

function optionsHeader(random: Random, name: "hbh" | "dst"): Piece {
  const options = new Options("-m", name);
  if (random.oneIn(2)) options.add(`--${name}-len`, random.pick(["8", "16", "24"]), random.oneIn(3));
  if (random.oneIn(2)) options.add(`--${name}-opts`, random.pick(["1:4", "5:2", "0", "1:4,5:2", "194", "201:16", "1,1"]), false);
  return options.piece();
}

function rt(random: Random): Piece {
  const options = new Options("-m", "rt");
  const type = random.pick(["0", "2", "4"]);
  if (random.oneIn(2)) options.add("--rt-type", type, type !== "0" && random.oneIn(3));
  if (random.oneIn(2)) options.add("--rt-segsleft", random.pick(["0", "1", "0:3", "2:255"]), random.oneIn(3));
  if (random.oneIn(3)) options.add("--rt-len", random.pick(["8", "24", "40"]), random.oneIn(3));
  return options.piece();
}

function srh(random: Random, place: Place): Piece {
  const options = new Options("-m", "srh");
  if (random.oneIn(3)) options.add("--srh-next-hdr", random.pick(["6", "17", "59"]), random.oneIn(3));
  if (random.oneIn(3))
    options.add(random.pick(["--srh-hdr-len-eq", "--srh-hdr-len-gt", "--srh-hdr-len-lt"]), random.pick(["2", "4"]), random.oneIn(3));
  if (random.oneIn(3))
    options.add(random.pick(["--srh-segs-left-eq", "--srh-segs-left-gt", "--srh-segs-left-lt"]), random.pick(["0", "1"]), random.oneIn(3));
  if (random.oneIn(3))
    options.add(
      random.pick(["--srh-last-entry-eq", "--srh-last-entry-gt", "--srh-last-entry-lt"]),
      random.pick(["0", "1"]),
      random.oneIn(3),
    );
  if (random.oneIn(3)) options.add("--srh-tag", random.pick(["0", "5"]), random.oneIn(3));
  if (random.oneIn(4))
    options.add(random.pick(["--srh-psid", "--srh-nsid", "--srh-lsid"]), anyAddress(random, place.family), random.oneIn(3));
  return options.piece();
}

const mh = (random: Random): Piece =>
  new Options("-m", "mh").add("--mh-type", random.pick(["0:7", "1", "binding-update", "3:255"]), random.oneIn(3)).piece();

function ipv6header(random: Random): Piece {
  const options = new Options("-m", "ipv6header").add(
    "--header",
    random.some(["hop", "dst", "route", "frag", "auth", "esp", "none"], 1, 3).join(","),
    random.oneIn(3),
  );
  if (random.oneIn(2)) options.add("--soft");
  return options.piece();
}

function u32(random: Random): Piece {
  const test = random.pick([
    "0>>24&0xf0=0x40,0x60",
    "0&0xffff=20:60",
    "6&0xff=1,6,17",
    "8>>24=64:255",
    "0>>22&0x3c@0>>16=0:1023",
    "0>>22&0x3c@0&0xffff=80,443",
    "12=0xc0a8010a",
    "0&0xffff=0:1500&&6&0xff=6",
    "40>>16=0:65535",
    "200=0:0xffffffff",
  ]);
  return new Options("-m", "u32").add("--u32", `"${test}"`, random.oneIn(3)).piece();
}

function string(random: Random): Piece {
  const options = new Options("-m", "string");
  if (random.oneIn(2)) options.add("--from", String(random.pick([0, 20, 28, 40, 60])));
  if (random.oneIn(2)) options.add("--to", String(random.pick([64, 100, 1000, 65_535])));
  options.add("--algo", random.pick(["bm", "kmp"]));
  if (random.oneIn(3)) options.add("--icase");
  if (random.oneIn(2)) options.add("--string", random.pick(["A", "BCD", "ftp", '"x y"']), random.oneIn(3));
  else options.add("--hex-string", random.pick(['"|0001 02|"', '"|45|"', '"|000102030405060708|"', '"|ff|"']), random.oneIn(3));
  return options.piece();
}

/** Programs as `nfbpf_compile RAW` makes them: protocol 6; a packet of at least 100 bytes; the destination port of an IPv4 packet. */
const PROGRAMS = [
  "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0",
  "4,128 0 0 0,53 0 1 100,6 0 0 65535,6 0 0 0",
  "6,48 0 0 0,177 0 0 0,72 0 0 2,37 0 1 1023,6 0 0 1,6 0 0 0",
  "3,40 0 0 4000,6 0 0 1,6 0 0 0",
  "1,6 0 0 1",
];

const bpf = (random: Random): Piece => new Options("-m", "bpf").add("--bytecode", `"${random.pick(PROGRAMS)}"`).piece();

function rpfilter(random: Random): Piece {
  const options = new Options("-m", "rpfilter");
  for (const flag of random.some(["--loose", "--validmark", "--accept-local", "--invert"], 0, 3)) options.add(flag);
  return options.piece();
}

function policy(random: Random, place: Place): Piece {
  const out = onlyIn(place, "FORWARD", "OUTPUT", "POSTROUTING") && (random.oneIn(2) || !incoming(place));
  const options = new Options("-m", "policy").add("--dir", out ? "out" : "in");
  if (random.oneIn(2)) return options.add("--pol", "none").piece();
  options.add("--pol", "ipsec");
  if (random.oneIn(3)) options.add("--strict");
  if (random.oneIn(3)) options.add("--reqid", "5", random.oneIn(3));
  return options.add("--proto", random.pick(["esp", "ah"]), random.oneIn(3)).piece();
}

function devgroup(random: Random, place: Place): Piece {
  const options = new Options("-m", "devgroup");
  const group = random.pick(["0", "5", "0x0/0xff"]);
  return options.add(incoming(place) ? "--src-group" : "--dst-group", group, random.oneIn(3)).piece();
}

function cluster(random: Random): Piece {
  return new Options("-m", "cluster")
    .add("--cluster-total-nodes", "4")
    .add("--cluster-local-nodemask", random.pick(["0x1", "0x5", "0xe"]), random.oneIn(3))
    .add("--cluster-hash-seed", random.pick(["0xdeadbeef", "1"]))
    .piece();
}

function connbytes(random: Random): Piece {
  const mode = random.pick(["packets", "bytes", "avgpkt"]);
  const range = { packets: ["2", "0:3", "5:100"], bytes: ["100", "0:500", "1000:100000"], avgpkt: ["40:100", "200"] }[
    mode
  ] as readonly string[];
  return new Options("-m", "connbytes")
    .add("--connbytes", random.pick(range), random.oneIn(3))
    .add("--connbytes-mode", mode)
    .add("--connbytes-dir", random.pick(["original", "reply", "both"]))
    .piece();
}

function connlimit(random: Random, place: Place): Piece {
  const options = new Options("-m", "connlimit").add(
    random.pick(["--connlimit-above", "--connlimit-upto"]),
    String(random.pick([0, 1, 2, 4])),
  );
  if (random.oneIn(2)) options.add("--connlimit-mask", random.pick(place.family === 4 ? ["0", "16", "24"] : ["0", "48", "64"]));
  if (random.oneIn(2)) options.add(random.pick(["--connlimit-saddr", "--connlimit-daddr"]));
  return options.piece();
}

const connlabel = (random: Random): Piece => {
  const options = new Options("-m", "connlabel").add("--label", random.pick(["1", "5", "127"]), random.oneIn(4));
  if (random.oneIn(2)) options.add("--set");
  return options.piece();
};

const set = (random: Random, place: Place): Piece => {
  const { name, ends } = random.pick(SETS.filter(one => one.family === 0 || one.family === place.family));
  const sides = ends.map(end => (end === "mac" ? "src" : random.pick(["src", "dst"]))).join(",");
  const options = new Options("-m", "set").add("--match-set", `${name} ${sides}`, random.oneIn(3));
  if (random.oneIn(5)) options.add("--return-nomatch");
  if (random.oneIn(8)) options.add("--update-counters", "", true);
  if (random.oneIn(8)) options.add(random.pick(["--packets-gt", "--packets-lt", "--bytes-gt"]), random.pick(["1", "5"]));
  return options.piece();
};

/** What needs no connection tracking. */
export const MORE_MATCHES: readonly Maker[] = [
  { name: "ah", weight: 40, allowed: place => place.protocol === "ah", make: ah },
  { name: "ah", weight: 4, allowed: six, make: ah },
  {
    name: "esp",
    weight: 40,
    allowed: place => place.protocol === "esp",
    make: random => new Options("-m", "esp").add("--espspi", spi(random), random.oneIn(3)).piece(),
  },
  { name: "ipcomp", weight: 40, allowed: place => place.protocol === "108", make: ipcomp },
  { name: "dccp", weight: 40, allowed: place => place.protocol === "dccp", make: dccp },
  { name: "ecn", weight: 3, allowed: always, make: ecn },
  { name: "frag", weight: 4, allowed: six, make: frag },
  { name: "hbh", weight: 4, allowed: six, make: random => optionsHeader(random, "hbh") },
  { name: "dst", weight: 4, allowed: six, make: random => optionsHeader(random, "dst") },
  { name: "rt", weight: 4, allowed: six, make: rt },
  { name: "srh", weight: 3, allowed: six, make: srh },
  { name: "mh", weight: 40, allowed: place => six(place) && place.protocol === "135", make: mh },
  { name: "ipv6header", weight: 5, allowed: six, make: ipv6header },
  { name: "eui64", weight: 2, allowed: place => six(place) && incoming(place), make: () => ({ text: "-m eui64", covers: ["eui64"] }) },
  { name: "u32", weight: 3, allowed: always, make: u32 },
  { name: "string", weight: 3, allowed: always, make: string },
  { name: "bpf", weight: 3, allowed: always, make: bpf },
  {
    name: "rpfilter",
    weight: 6,
    allowed: place => onlyIn(place, "PREROUTING") && (place.table === "raw" || place.table === "mangle"),
    make: rpfilter,
  },
  { name: "policy", weight: 1, allowed: place => incoming(place) || onlyIn(place, "FORWARD", "OUTPUT", "POSTROUTING"), make: policy },
  { name: "devgroup", weight: 2, allowed: place => incoming(place) || onlyIn(place, "FORWARD", "OUTPUT", "POSTROUTING"), make: devgroup },
  {
    name: "realm",
    weight: 2,
    allowed: place => place.family === 4 && onlyIn(place, "POSTROUTING", "FORWARD", "OUTPUT", "INPUT"),
    make: random => new Options("-m", "realm").add("--realm", random.pick(["0", "1", "0x0/0xff"]), random.oneIn(3)).piece(),
  },
  {
    name: "cgroup",
    weight: 1,
    allowed: place => onlyIn(place, "INPUT", "OUTPUT", "POSTROUTING"),
    make: random => new Options("-m", "cgroup").add("--cgroup", random.pick(["0", "5"]), random.oneIn(3)).piece(),
  },
  { name: "set", weight: 8, allowed: always, make: set },
];

/** What makes the kernel track connections. */
export const MORE_TRACKING_MATCHES: readonly Maker[] = [
  { name: "cluster", weight: 3, allowed: always, make: cluster },
  { name: "connbytes", weight: 4, allowed: always, make: connbytes },
  // The kernel throws out old counts once in a jiffy: only where packets come further apart.
  { name: "connlimit", weight: 12, allowed: place => place.tier === "slow", make: connlimit },
  { name: "connlabel", weight: 3, allowed: always, make: connlabel },
  {
    name: "helper",
    weight: 2,
    allowed: always,
    make: random => new Options("-m", "helper").add("--helper", random.pick(["ftp", "tftp", '""', "ftp-21"]), random.oneIn(3)).piece(),
  },
];

function hashlimit(random: Random, place: Place): Piece {
  const options = new Options("-m", "hashlimit");
  // Rates of bytes are per second, and would depend on how fast the machine is.
  options.add(random.pick(["--hashlimit-upto", "--hashlimit-above"]), random.pick(["1/hour", "3/min", "10/day"]));
  options.add("--hashlimit-burst", String(random.pick([1, 2, 5])));
  const modes = random.some(["srcip", "dstip", ...(["tcp", "udp"].includes(place.protocol) ? ["srcport", "dstport"] : [])], 0, 2);
  if (modes.length > 0) options.add("--hashlimit-mode", modes.join(","));
  options.add("--hashlimit-name", `h${hexNumber(random.next()).slice(2)}`);
  if (modes.includes("srcip") && random.oneIn(2)) options.add("--hashlimit-srcmask", random.pick(["16", "24"]));
  if (modes.includes("dstip") && random.oneIn(2)) options.add("--hashlimit-dstmask", random.pick(["0", "24"]));
  options.add("--hashlimit-htable-expire", "3600000");
  return options.piece();
}

function statistic(random: Random): Piece {
  const options = new Options("-m", "statistic");
  if (random.oneIn(4))
    return options
      .add("--mode", "random")
      .add("--probability", random.pick(["0", "1"]), random.oneIn(3))
      .piece();
  const every = random.pick([1, 2, 3, 7]);
  return options
    .add("--mode", "nth")
    .add("--every", String(every), random.oneIn(3))
    .add("--packet", String(random.below(every)))
    .piece();
}

function time(random: Random): Piece {
  const options = new Options("-m", "time");
  // Far from every border: whole years and every hour but for tests that never hold.
  if (random.oneIn(2)) options.add("--datestart", random.pick(["2020-01-01T00:00:00", "2037-01-01T00:00:00"]));
  if (random.oneIn(3)) options.add("--datestop", "2037-12-31T23:59:59");
  if (random.oneIn(3)) options.add("--weekdays", random.pick(["Mon,Tue,Wed,Thu,Fri,Sat,Sun"]), random.oneIn(3));
  return options.piece();
}

/** Matches that remember, in the tier of time. */
export const MORE_TIME_MATCHES: readonly Maker[] = [
  { name: "hashlimit", weight: 20, allowed: always, make: hashlimit },
  { name: "statistic", weight: 12, allowed: always, make: statistic },
  { name: "time", weight: 4, allowed: always, make: time },
  {
    name: "quota",
    weight: 8,
    allowed: always,
    make: random => new Options("-m", "quota").add("--quota", random.pick(["100", "1000", "10000"]), random.oneIn(4)).piece(),
  },
];
