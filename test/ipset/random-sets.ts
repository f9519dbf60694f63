/** Random sets, and rules that ask and change them, over the addresses that the packets of the kernel comparison have. */
import { DEVICES, LOCAL, PORTS, REMOTE } from "../kernel/generate/pools.ts";
import type { Random } from "../kernel/generate/random.ts";

const TYPES = [
  "bitmap:ip",
  "bitmap:ip,mac",
  "bitmap:port",
  "hash:ip",
  "hash:net",
  "hash:ip,port",
  "hash:net,port",
  "hash:ip,port,ip",
  "hash:ip,port,net",
  "hash:net,iface",
] as const;

/** Sets as text for `ipset restore`, and rules as iptables-save text. */
export interface SetCase {
  readonly sets: string;
  readonly rules: string;
}

interface Named {
  readonly name: string;
  readonly type: string;
  readonly six: boolean;
  readonly options: string;
}

/** A case of the family. */
export function randomSetCase(random: Random, family: 4 | 6): SetCase {
  const lines: string[] = [];
  const sets: Named[] = [];
  for (let i = random.between(3, 7); i > 0; i--) {
    const set = randomSet(random, family, `s${i}`);
    sets.push(set);
    lines.push(`create ${set.name} ${set.type} ${set.options}`);
    for (let n = random.between(0, 25); n > 0; n--) lines.push(`-exist add ${set.name} ${element(random, set)}${gifts(random, set)}`);
  }
  if (random.oneIn(2)) {
    const options = `${random.oneIn(2) ? "counters " : ""}${random.oneIn(3) ? "skbinfo" : ""}`;
    const list: Named = { name: "l", type: "list:set", six: family === 6, options };
    lines.push(`create l list:set ${options}`);
    for (const { name } of random.some(sets, 1, 4)) lines.push(`-exist add l ${name}${gifts(random, list)}`);
    sets.push(list);
  }
  // A full set ends the reading; every set exists by then.
  lines.sort((a, b) => Number(b.startsWith("create")) - Number(a.startsWith("create")));
  return { sets: `${lines.join("\n")}\n`, rules: randomRules(random, sets) };
}

function randomSet(random: Random, family: 4 | 6, name: string): Named {
  const six = family === 6;
  const type = six ? random.pick([...TYPES.filter(each => each.startsWith("hash:")), "bitmap:port"]) : random.pick(TYPES);
  const words: string[] = [];
  if (type.startsWith("hash:")) {
    words.push(`family ${six ? "inet6" : "inet"} initval ${random.next()} hashsize ${random.pick([64, 1024])}`);
    if (random.oneIn(4) && (type === "hash:ip" || type === "hash:ip,port"))
      words.push(`netmask ${six ? random.pick([48, 64, 120]) : random.pick([16, 24, 30])}`);
    else if (random.oneIn(6) && type === "hash:ip") words.push(`bitmask ${six ? "ffff::ffff" : "255.255.0.255"}`);
    if (random.oneIn(5)) words.push(`maxelem ${random.between(1, 12)}`);
  } else if (type === "bitmap:port") words.push(`range ${random.pick(["0-65535", "1-1024", "53-53", "20000-60000"])}`);
  else
    words.push(
      `range ${random.pick(["10.99.0.0/16", "203.0.113.0/24", "192.168.1.0/24", "172.16.0.0/16"])}${type === "bitmap:ip" && random.oneIn(3) ? " netmask 28" : ""}`,
    );
  if (random.oneIn(3)) words.push(`timeout ${random.pick([0, 5000])}`);
  if (random.oneIn(2)) words.push("counters");
  if (random.oneIn(3)) words.push("skbinfo");
  return { name, type, six, options: words.join(" ") };
}

function address(random: Random, six: boolean): string {
  const family = six ? 6 : 4;
  return random.pick([...LOCAL[family], ...Object.values(REMOTE[family]).flat()]);
}

function port(random: Random, six: boolean): string {
  const number = (): number => random.pick(PORTS);
  return random.weighted<() => string>([
    [6, () => `tcp:${number()}`],
    [4, () => `udp:${number()}`],
    [1, () => `tcp:${random.between(1, 1000)}-${random.between(1, 1000)}`],
    [
      2,
      () =>
        six
          ? random.pick(["icmpv6:echo-request", "icmpv6:1/4", "icmpv6:135/0"])
          : random.pick(["icmp:echo-request", "icmp:3/3", "icmp:0/0"]),
    ],
    [1, () => `sctp:${number()}`],
    [1, () => `udplite:${number()}`],
    [1, () => random.pick(["gre:0", "esp:0", "igmp:0", "200:0"])],
  ])();
}

function element(random: Random, { type, six, options }: Named): string {
  const [method, kinds = ""] = type.split(":");
  const net = (ip: string): string =>
    random.oneIn(2) ? `${ip}/${six ? random.pick([16, 32, 48, 64, 127]) : random.pick([1, 8, 16, 24, 31])}` : ip;
  if (method === "bitmap") {
    const range = /range (\S+)/.exec(options)?.[1] ?? "";
    if (type === "bitmap:port") {
      const [low = 0, high = 0] = range.split("-").map(Number);
      const inside = PORTS.filter(each => low <= each && each <= high);
      return String(inside.length === 0 ? low : random.pick(inside));
    }
    const start = range
      .split(".")
      .slice(0, range.endsWith("/16") ? 2 : 3)
      .join(".");
    const inside = [...LOCAL[4], ...Object.values(REMOTE[4]).flat()].filter(each => each.startsWith(`${start}.`));
    const ip = inside.length === 0 ? range.slice(0, range.indexOf("/")) : random.pick(inside);
    return type === "bitmap:ip" || random.oneIn(3)
      ? ip
      : `${ip},${random.pick(["02:ff:00:00:00:fe", "02:ff:00:00:01:fe", "02:00:00:00:00:01"])}`;
  }
  return kinds
    .split(",")
    .map(kind => {
      if (kind === "ip") return address(random, six);
      if (kind === "net") return net(address(random, six));
      if (kind === "port") return port(random, six);
      return `${random.oneIn(8) ? "physdev:" : ""}${random.pick([...DEVICES, "lo", "eth"])}`;
    })
    .join(",");
}

function gifts(random: Random, { type, options }: Named): string {
  const words: string[] = [];
  if (options.includes("timeout") && random.oneIn(3)) words.push("timeout 9000");
  if (type.includes("net") && random.oneIn(4)) words.push("nomatch");
  if (type.includes("iface") && random.oneIn(4)) words.push("wildcard");
  if (options.includes("counters") && random.oneIn(3)) words.push(`packets ${random.between(0, 9)} bytes ${random.between(0, 900)}`);
  if (options.includes("skbinfo") && random.oneIn(2))
    words.push(`skbmark ${random.pick(["0x1", "0xf0/0xff", "0x0/0xffff"])} skbprio 1:${random.between(0, 9)}`);
  return words.map(word => ` ${word}`).join("");
}

function flags(random: Random, type: string): string {
  const parts = type === "list:set" ? 3 : (type.split(":")[1]?.split(",").length ?? 1);
  const count = random.oneIn(10) ? random.between(1, 4) : parts;
  // The receiver's hardware address is not known to the engine.
  return Array.from({ length: count }, (_, i) => (i === 1 && type.endsWith("mac") ? "src" : random.pick(["src", "dst"]))).join(",");
}

function randomRules(random: Random, sets: readonly Named[]): string {
  const table = (name: string, chains: readonly string[]): string => {
    const rules = chains.flatMap(chain => {
      // Where a packet leaves by a device without hardware addresses, the kernel no longer sees the sender's.
      const known = chain === "POSTROUTING" ? sets.filter(({ type }) => !type.endsWith("mac") && type !== "list:set") : sets;
      return Array.from({ length: known.length === 0 ? 0 : random.between(0, 6) }, () => `-A ${chain} ${rule(random, known, name)}`);
    });
    return `*${name}\n${chains.map(chain => `:${chain} ACCEPT [0:0]\n`).join("")}${rules.map(each => `${each}\n`).join("")}COMMIT\n`;
  };
  return (
    table("raw", ["PREROUTING", "OUTPUT"]) +
    table("mangle", ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]) +
    table("filter", ["INPUT", "FORWARD", "OUTPUT"])
  );
}

function rule(random: Random, sets: readonly Named[], table: string): string {
  const match = (): string => {
    const set = random.pick(sets);
    const words = [`-m set ${random.oneIn(4) ? "! " : ""}--match-set ${set.name} ${flags(random, set.type)}`];
    if (random.oneIn(6)) words.push("--return-nomatch");
    if (random.oneIn(6)) words.push("! --update-counters");
    if (random.oneIn(6)) words.push("! --update-subcounters");
    if (random.oneIn(5))
      words.push(`${random.oneIn(2) ? "--packets-lt" : random.oneIn(2) ? "--packets-gt" : "! --packets-eq"} ${random.between(0, 6)}`);
    if (random.oneIn(8)) words.push(`--bytes-gt ${random.between(0, 900)}`);
    return words.join(" ");
  };
  const conditions = random.oneIn(6) ? "" : `${match()} ${random.oneIn(5) ? `${match()} ` : ""}`;
  const set = random.pick(sets);
  const ends = flags(random, set.type);
  return random.weighted<() => string>([
    [6, () => conditions.trimEnd() || match()],
    [2, () => `${match()} -j DROP`],
    [1, () => `${match()} -j ACCEPT`],
    [
      2,
      () =>
        `${conditions}-j SET --add-set ${set.name} ${ends}${random.oneIn(2) ? " --exist" : ""}${random.oneIn(3) ? " --timeout 7000" : ""}`,
    ],
    [2, () => `${conditions}-j SET --del-set ${set.name} ${ends}`],
    [2, () => (table === "mangle" ? `${conditions}-j SET --map-set ${set.name} ${ends} --map-mark` : match())],
  ])();
}
