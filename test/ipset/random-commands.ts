/** Random sequences of ipset commands: mostly sensible, some of them wrong in every way that people get them wrong. */

/** One call of ipset. */
export interface Call {
  readonly argv: readonly string[];
  readonly stdin: string;
}

type Random = () => number;

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Types that the kernel at hand has. */
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
  "list:set",
] as const;
const NAMES = ["a", "b", "c", "d", "e", "__proto__", "a-very-long-name-of-31-characters", "x".repeat(31), "x".repeat(32)];

/** `count` calls. */
export function randomCalls(seed: number, count: number): Call[] {
  const random = seeded(seed);
  const known = new Map<string, { type: string; six: boolean; options: string }>();
  const calls: Call[] = [];
  const world = new World(random, known);
  while (calls.length < count) calls.push(...world.next());
  return calls.slice(0, count);
}

class World {
  private readonly random: Random;
  private readonly known: Map<string, { type: string; six: boolean; options: string }>;

  constructor(random: Random, known: Map<string, { type: string; six: boolean; options: string }>) {
    this.random = random;
    this.known = known;
  }

  next(): Call[] {
    const roll = this.random() * 100;
    if (this.known.size < 4 || roll < 8) return [this.call(this.create())];
    if (roll < 52) return [this.call(this.entry("add"))];
    if (roll < 64) return [this.call(this.entry("del"))];
    if (roll < 77) return [this.call(this.entry("test"))];
    if (roll < 84) return [this.call(this.listing())];
    if (roll < 90) return [this.call(this.whole())];
    if (roll < 96) return [this.restore()];
    return [this.call(this.garbage())];
  }

  private call(argv: readonly string[]): Call {
    return { argv, stdin: "" };
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T;
  }

  private chance(percent: number): boolean {
    return this.random() * 100 < percent;
  }

  private number(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  private ip(six: boolean): string {
    if (this.chance(2))
      return this.pick([
        "0.0.0.0",
        "::",
        "255.255.255.255",
        "1.2.3",
        "nohost.invalid",
        "1.2.3.4.5",
        "010.0.0.1",
        "localhost",
        "[1.2.3.4]",
        "1:2",
      ]);
    if (six) return `2001:db8::${this.number(0, 3).toString(16)}:${this.number(0, 20).toString(16)}`;
    return `10.0.${this.number(0, 1)}.${this.number(0, 40)}`;
  }

  private address(six: boolean, net: boolean): string {
    const ip = this.ip(six);
    const roll = this.random() * 100;
    if (roll < (net ? 45 : 8))
      return `${ip}/${this.chance(4) ? this.pick(["0", "33", "129", "x", "-1", "", "24x"]) : this.number(six ? 112 : 24, six ? 128 : 32)}`;
    if (roll < (net ? 55 : 16)) return `${ip}-${this.ip(six)}`;
    return ip;
  }

  private port(six: boolean): string {
    const roll = this.random() * 100;
    if (roll < 35) return `tcp:${this.number(1, 12)}`;
    if (roll < 50) return `udp:${this.number(1, 5)}${this.chance(20) ? `-${this.number(1, 8)}` : ""}`;
    if (roll < 60) return String(this.number(1, 12));
    if (roll < 68)
      return six
        ? `icmpv6:${this.pick(["ping", "1/2", "echo-reply", "no-route", "neigh", "136"])}`
        : `icmp:${this.pick(["ping", "3/4", "echo", "13/0", "8", "host-re"])}`;
    if (roll < 74) return this.pick(["sctp:7", "udplite:9", "gre:0", "47:0", "esp:0", "89:0", "200:0"]);
    if (roll < 82) return this.pick(["http", "tcp:ssh", "udp:domain", "[ftp-data]", "tcp:[ftp-data]-[ssh]", "17:domain", "tcp:http-https"]);
    if (roll < 90) return `${this.number(1, 8)}-${this.number(1, 8)}`;
    return this.pick([
      "70000",
      "foo",
      "tcp:foo",
      "tcp:",
      ":5",
      "gre:7",
      "foo:1",
      "0:0",
      "0x10",
      "012",
      "-1",
      "5-",
      "icmp:9999/1",
      "tcp:[http",
      "tcp:[http]x",
      "UDP:5",
      "Udp:5",
      "",
    ]);
  }

  private element(type: string, six: boolean): string {
    const [, kinds = ""] = type.split(":");
    if (type === "list:set") return this.pick(NAMES.slice(0, 6));
    if (type === "bitmap:port")
      return this.pick([
        `${this.number(0, 70)}`,
        `${this.number(1, 40)}-${this.number(1, 50)}`,
        "tcp:ssh",
        "udp:5",
        "sctp:5",
        "http",
        "99999",
        "tcp:http-https",
      ]);
    const parts = kinds.split(",").map((kind, i) => {
      switch (kind) {
        case "ip":
        case "net":
          return this.address(six, kind === "net");
        case "port":
          return this.port(six);
        case "mac":
          return this.chance(90)
            ? `02:00:00:00:00:0${this.number(0, 5)}`
            : this.pick(["0:0:0:0:0:0", "1:2:3", "zz:1:2:3:4:5", "1:2:3:4:5:6:7", "256:1:1:1:1:1"]);
        default:
          return i >= 0 && this.chance(95)
            ? `${this.chance(15) ? "physdev:" : ""}eth${this.number(0, 3)}`
            : this.pick(["averylongname0123", "", "e t"]);
      }
    });
    if (this.chance(3)) parts.push(this.ip(six));
    if (this.chance(3) || (type === "bitmap:ip,mac" && this.chance(35))) parts.pop();
    return parts.join(",");
  }

  private create(): string[] {
    const name = this.pick(this.chance(85) ? NAMES.slice(0, 6) : NAMES);
    const type = this.pick(TYPES);
    const six = type.startsWith("hash:") && this.chance(30);
    const words = ["create", name, type];
    if (type.startsWith("hash:")) {
      words.push(...(six ? this.pick([["family", "inet6"], ["-6"], ["family", "ipv6"]]) : this.pick([[], ["family", "inet"], ["-4"]])));
      words.push("initval", `0x${this.number(0, 0xffffffff).toString(16)}`);
      if (this.chance(40)) words.push("hashsize", String(this.pick([1, 64, 65, 128, 1024, 2048])));
      if (this.chance(30)) words.push("maxelem", String(this.pick([0, 3, 8, 20, 65536])));
      if (this.chance(25)) words.push("bucketsize", String(this.pick([1, 2, 3, 4, 12, 20])));
      if (this.chance(15)) words.push("forceadd");
      if (this.chance(25)) words.push("netmask", String(this.pick(six ? [64, 120, 128, 0, 129] : [24, 28, 32, 0, 33])));
      else if (this.chance(12))
        words.push("bitmask", this.pick(six ? ["ffff::", "::ffff", "::"] : ["255.0.255.0", "0.0.0.0", "255.255.255.240", "x"]));
    } else if (type === "bitmap:port") words.push("range", this.pick(["1-60", "0-5", "60-1", "tcp:ssh-http", "5", "1-70000", "0-65535"]));
    else if (type.startsWith("bitmap:")) {
      words.push(
        "range",
        this.pick(["10.0.0.0/24", "10.0.0.0-10.0.1.40", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.9", "10.0.0.0/32", "10.0.1.9-10.0.0.3"]),
      );
      if (this.chance(25)) words.push("netmask", String(this.pick([28, 30, 24, 16, 32])));
    } else if (this.chance(40)) words.push("size", String(this.number(0, 9)));
    if (this.chance(40)) words.push("timeout", String(this.pick([0, 1000, 5000, 100000, 2147483, 2147484])));
    if (this.chance(35)) words.push("counters");
    if (this.chance(30)) words.push("comment");
    if (this.chance(30)) words.push("skbinfo");
    if (this.chance(4)) words.push(this.pick(["bogus", "timeout", "counters", "range", "--hashsize", "gc", "probes", "family"]));
    if (!this.known.has(name)) this.known.set(name, { type, six, options: words.join(" ") });
    return this.maybeExist(words);
  }

  private maybeExist(words: string[]): string[] {
    if (!this.chance(25)) return words;
    const flag = this.pick(["-exist", "-!", "--exist"]);
    return this.chance(50) ? [flag, ...words] : [...words, flag];
  }

  private someSet(): { readonly name: string; readonly type: string; readonly six: boolean; readonly options: string } {
    if (this.chance(2)) return { name: "nosuch", type: "hash:ip", six: false, options: "" };
    const [name, set] = this.pick([...this.known]);
    return { name, ...set };
  }

  private entry(command: "add" | "del" | "test"): string[] {
    const { name, type, six, options } = this.someSet();
    const words = [
      this.pick([command, command, command, command === "add" ? "-A" : command === "del" ? "-D" : "-T"]),
      name,
      this.element(type, six),
    ];
    if (command !== "add" && !this.chance(8)) {
      if (type === "list:set" && this.chance(25)) words.push(this.pick(["before", "after"]), this.pick(NAMES.slice(0, 6)));
      if (command === "test" && type.includes("net") && this.chance(20)) words.push("nomatch");
      return this.maybeExist(words);
    }
    const has = (option: string): boolean => options.includes(option) || this.chance(2);
    if (has("timeout") && this.chance(30)) words.push("timeout", String(this.pick([0, 600, 9000, 2147483, 2147484])));
    if (has("counters") && this.chance(30))
      words.push(
        this.pick(["packets", "bytes"]),
        this.pick(["0", "7", "12345678901", "18446744073709551614", "18446744073709551615", "-1", "x"]),
      );
    if (has("comment") && this.chance(40))
      words.push("comment", this.pick(["hello", "two words", "", 'a"b', "x".repeat(255), "x".repeat(256), "ümlaut"]));
    if (has("skbinfo") && this.chance(40))
      words.push("skbmark", this.pick(["0x1", "0xff/0xf0", "5", "0x0/0x0", "0x1ffffffff", "0x", "0x12345678/0xffffffff"]));
    if (has("skbinfo") && this.chance(30)) words.push("skbprio", this.pick(["1:10", "ffff:ffff", "1", "10000:1", ":1"]));
    if (has("skbinfo") && this.chance(30)) words.push("skbqueue", this.pick(["0", "7", "65535", "65536"]));
    if (type.includes("net") && this.chance(20)) words.push("nomatch");
    if (type.includes("iface") && this.chance(20)) words.push("wildcard");
    if (type === "list:set" && this.chance(30)) words.push(this.pick(["before", "after"]), this.pick(NAMES.slice(0, 6)));
    if (this.chance(3)) words.push(this.pick(["bogus", "timeout", "nomatch", "wildcard", "comment"]));
    return this.maybeExist(words);
  }

  private listing(): string[] {
    const words = [this.pick(["list", "save", "-L", "-S", "l", "s", "--list"])];
    if (this.chance(70)) words.push(this.someSet().name);
    if (this.chance(30)) words.push(this.pick(["-s", "-sorted", "-n", "-t", "-terse", "-q"]));
    if (this.chance(30)) words.push("-o", this.pick(["plain", "save", "xml", "json"]));
    return words;
  }

  private whole(): string[] {
    const name = this.someSet().name;
    const other = this.pick([this.someSet().name, "z", "y"]);
    const forget = (words: string[]): string[] => {
      if (this.chance(50)) this.known.delete(name);
      return words;
    };
    return this.pick([
      () => ["flush", name],
      () => (this.chance(20) ? ["flush"] : ["-F", name]),
      () => forget([this.pick(["destroy", "x", "-X"]), name]),
      () => (this.chance(10) ? ["destroy"] : ["destroy", name]),
      () => [this.pick(["rename", "e", "-E"]), name, other],
      () => [this.pick(["swap", "w", "-W"]), name, other],
      () => [this.pick(["swap", "w", "-W"]), name, other],
    ])();
  }

  private restore(): Call {
    const lines: string[] = [];
    for (let i = this.number(1, 8); i > 0; i--) {
      const words = this.chance(12)
        ? this.create()
        : this.chance(8)
          ? this.whole()
          : this.chance(6)
            ? this.listing()
            : this.entry(this.chance(75) ? "add" : this.chance(70) ? "del" : "test");
      lines.push(words.map(word => (/[ "]/.test(word) || word === "" ? `"${word}"` : word)).join(this.chance(5) ? "\t " : " "));
    }
    if (this.chance(20))
      lines.splice(this.number(0, lines.length), 0, this.pick(["COMMIT", "# comment", "", "bogus", "quit", "restore", 'add a "x', "  "]));
    const end = this.chance(5) ? "\r\n" : "\n";
    return { argv: this.maybeExist(["restore"]), stdin: lines.join(end) + (this.chance(95) ? end : "") };
  }

  private garbage(): string[] {
    return this.pick([
      () => [],
      () => [this.pick(["bogus", "--", "-x", "createx", "foo bar", "-"])],
      () => [this.pick(["create", "add", "del", "test", "rename", "swap", "a", "de", "re"])],
      () => [this.pick(["create", "add", "del", "test", "rename", "swap"]), this.someSet().name],
      () => ["help", ...(this.chance(60) ? [this.pick([...TYPES, "iphash", "setlist", "nosuch"])] : [])],
      () => [this.pick(["version", "-v", "--version", "v"])],
      () => ["-o"],
      () => ["-o", "foo", "list"],
      () => ["flush", "a", "b"],
      () => ["create", "q", this.pick(["hash:foo", "iptree", "bitmap", ""])],
      () => ["-q", ...this.entry("test")],
      () => ["-q", ...this.entry("add")],
    ])();
  }
}
