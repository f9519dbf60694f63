/** Random command sequences: of all commands and options, good and wrong. */
import { BUILTIN_CHAINS, TABLES, type TableName } from "../../src/xtables/index.ts";
import type { Family } from "../../src/predicate/index.ts";
import { Dice } from "./dice.ts";
import type { Phrase } from "./dictionary.ts";
import type { Sequence, ToolStep } from "./step.ts";

const USER = ["a", "b", "chain-c", "d.d"];
const STRANGE = [
  "nope",
  "x y",
  "-dash",
  "!bang",
  "",
  "ACCEPT",
  "LOG",
  "a23456789012345678901234567890",
  "a2345678901234567890123456789",
  "a234567890123456789012345678",
];
const NUMBERS = ["1", "1", "1", "2", "2", "3", "0", "-1", "99", "x", "1x", "0x1", "010", "+1", " 1", "4294967297"];
const ADDRESSES: Readonly<Record<Family, readonly string[]>> = {
  4: [
    "10.0.0.1",
    "10.0.0.0/8",
    "10.0.0.5/24",
    "0/0",
    "1.2.3.4/33",
    "1.2.3.4/255.0.255.0",
    "10.0.0.1,10.0.0.2",
    "1.1.1.1,2.2.2.0/24,3.3.3.3",
    "localhost",
    "::1",
    "1.2.3",
    "010.0.0.1",
    "any/0",
    "1.2.3.4/",
    "256.1.1.1",
    "10.0.0.1,",
    "1.2.3.4/0",
    "",
    "1.1.1.1 ,2.2.2.2",
  ],
  6: [
    "2001:db8::1",
    "2001:db8::/32",
    "::/0",
    "::1/129",
    "fe80::1,fe80::2",
    "::1/::1",
    "10.0.0.1",
    "2001:db8::5/64",
    "::ffff:1.2.3.4",
    ":::",
    "fe80::/ffff::",
    "",
    "::1/0",
    "::",
  ],
};
const PROTOCOLS = [
  "tcp",
  "udp",
  "icmp",
  "all",
  "6",
  "17",
  "1",
  "58",
  "icmpv6",
  "ipv6-icmp",
  "esp",
  "200",
  "TCP",
  "foo",
  "256",
  "0x6",
  "sctp",
  "udplite",
  "0",
  "gre",
  "ah",
  "50",
  "-1",
];
const INTERFACES = ["lo", "eth0", "eth+", "+", "wan0", "a23456789012345", "a234567890123456", "", "a/b", "e h", "-i", "!"];
const PORTS = ["22", "80", "1:1024", ":80", "80:", "100:50", "ssh", "http", "99999", "0x50", "", "1,2", "foo", "-1", "010", "65535"];
const JUNK = [
  "!",
  "-",
  "--",
  "foo",
  "-1",
  "--foo",
  "--dport",
  "-x",
  "-n",
  "-v",
  "1.2.3.4",
  "'",
  '"',
  "é",
  "\t",
  "-m",
  "-j",
  "ACCEPT",
  "--",
  "-p",
  "tcp",
  "--line-numbers",
  "-4",
  "-6",
  "-c",
  "-w",
  "=",
  ",",
  ":",
  "/",
  "0",
  "99999999999999999999",
  "0xffffffff",
  "a".repeat(300),
];
const FAKE_TARGETS = ["ACCEPT", "ACCEPT", "ACCEPT", "DROP", "DROP", "RETURN", "QUEUE", "accept", "BOGUS", ""];

/** Makes sequences for a family and variant out of the phrases. */
export class Generator {
  private readonly dice: Dice;
  private readonly phrases: readonly Phrase[];
  private readonly byExtension: ReadonlyMap<string, readonly Phrase[]>;
  private readonly family: Family;
  private readonly variant: "nft" | "legacy";
  private readonly said: { table: string; chain: string; words: readonly string[] }[] = [];
  private readonly seed: number;
  private cleaned = 0;

  constructor(seed: number, all: readonly Phrase[]) {
    this.seed = seed;
    this.dice = new Dice(seed);
    this.family = this.dice.chance(0.6) ? 4 : 6;
    this.variant = this.dice.chance(0.6) ? "nft" : "legacy";
    this.phrases = all.filter(({ family }) => family === this.family);
    const by = new Map<string, Phrase[]>();
    for (const phrase of this.phrases) by.set(phrase.extension, [...(by.get(phrase.extension) ?? []), phrase]);
    this.byExtension = by;
  }

  sequence(length: number): Sequence {
    const steps: ToolStep[] = [];
    const base = `${this.family === 4 ? "iptables" : "ip6tables"}-${this.variant}`;
    const table = (argv: readonly string[]): ToolStep => ({ name: base, argv, stdin: "" });
    if (this.dice.chance(0.7)) for (const chain of USER.slice(0, 2)) steps.push(table(["-N", chain]));
    if (this.dice.chance(0.3)) {
      const family = this.family === 4 ? "inet" : "inet6";
      for (const set of ["a", "b"]) steps.push({ name: "ipset", argv: ["create", set, "hash:ip", "family", family], stdin: "" });
    }
    while (steps.length < length) {
      const roll = this.dice.next();
      if (roll < 0.86) steps.push(table(this.command()));
      else if (roll < 0.94) steps.push({ name: `${base}-restore`, ...this.restore() });
      else if (roll < 0.955)
        steps.push({
          name: "iptables-xml",
          argv: this.dice.pick([[], ["-c"], ["-v"], ["-c", "-v"], ["--combine"], ["-x"]]),
          stdin: this.restore().stdin,
        });
      else steps.push({ name: `${base}-save`, argv: this.saveOptions(), stdin: "" });
    }
    steps.push(table(["-S", "-v"]), table(["-L", "-n", "-v"]), { name: `${base}-save`, argv: ["-c"], stdin: "" });
    return { seed: this.seed, family: this.family, variant: this.variant, steps };
  }

  private tableName(): TableName {
    return this.dice.chance(0.6) ? "filter" : this.dice.pick(TABLES);
  }

  private chain(table: TableName, wild = 0.08): string {
    const { dice } = this;
    if (dice.chance(wild))
      return dice.chance(0.5) ? dice.pick(STRANGE) : dice.pick(["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]);
    return dice.chance(0.6) ? dice.pick(BUILTIN_CHAINS[table]) : dice.pick(USER);
  }

  /** One command of iptables itself. */
  private command(): readonly string[] {
    const { dice } = this;
    const table = this.tableName();
    const prefix =
      table === "filter" && dice.chance(0.8) ? [] : dice.chance(0.97) ? ["-t", table] : ["-t", dice.pick(["foo", "", "FILTER"])];
    let words: readonly string[];
    const roll = dice.next();
    if (roll < 0.34)
      words = this.ruleCommand(table, dice.chance(0.75) ? ["-A"] : dice.pick([["-I"], ["--append"], ["--insert"], ["--app"]]));
    else if (roll < 0.4) words = this.withNumber(table, "-I");
    else if (roll < 0.46) words = this.withNumber(table, "-R");
    else if (roll < 0.56) words = this.again(dice.pick(["-D", "-D", "-C", "--delete", "--check"]));
    else if (roll < 0.6) words = ["-D", this.chain(table), dice.pick(NUMBERS)];
    else if (roll < 0.66) words = ["-N", dice.chance(0.8) ? dice.pick(USER) : dice.pick(STRANGE)];
    else if (roll < 0.7) words = dice.chance(0.3) ? ["-X"] : ["-X", this.chain(table)];
    else if (roll < 0.74) words = dice.chance(0.3) ? ["-F"] : ["-F", this.chain(table)];
    else if (roll < 0.78) words = this.zero(table);
    else if (roll < 0.82)
      words = [
        "-P",
        this.chain(table),
        dice.pick(["ACCEPT", "DROP", "DROP", "REJECT", "RETURN", "accept", ""]),
        ...(dice.chance(0.1) ? ["-c", "3", "4"] : []),
      ];
    else if (roll < 0.86) words = ["-E", this.renamed(), dice.pick([...USER, ...USER, "e", "INPUT", "FORWARD", ...STRANGE])];
    else if (roll < 0.97) words = this.listing(table);
    else
      words = dice.pick([
        ["-V"],
        ["-h"],
        [],
        ["-V", "-x"],
        ["!", "-V"],
        ["-L", "-A", "INPUT"],
        ["-A"],
        ["-N"],
        ["-P", "INPUT"],
        ["-E", "a"],
        ["-R", "INPUT"],
        ["-w"],
        ["--bogus"],
        ["-Q"],
        ["-L", "-Z", "-F"],
      ]);
    if (dice.chance(0.06)) words = [...words, "-v"];
    if (dice.chance(0.03))
      words = [
        ...words,
        ...dice.pick([
          ["-w"],
          ["-w", "3"],
          ["-w", "x"],
          ["-W", "5"],
          ["-w", "-W", "5"],
          ["-4"],
          ["-6"],
          ["-M", "/bin/true"],
          ["-n"],
          ["-x"],
          ["--line-numbers"],
          ["--numeric"],
          ["--", "x"],
          ["-c", "5", "6"],
          ["-c", "5,6"],
          ["-c", "5"],
          ["-c", "x", "y"],
        ]),
      ];
    words = dice.chance(0.5) ? [...prefix, ...words] : [...words, ...prefix];
    return dice.chance(0.12) ? this.spoilt(words) : words;
  }

  /** A chain of our own, or a built-in one of legacy: iptables-nft renames those into what it cannot save. */
  private renamed(): string {
    return this.variant === "legacy" ? this.chain("filter") : this.dice.pick([...USER, "nope"]);
  }

  private ruleCommand(table: TableName, command: readonly string[]): readonly string[] {
    const { chain, words, home } = this.rule(table);
    this.said.push({ table: home ?? table, chain, words });
    const where = home !== undefined && home !== table ? ["-t", home] : [];
    return [...where, ...command, chain, ...words];
  }

  private withNumber(table: TableName, letter: string): readonly string[] {
    const { chain, words, home } = this.rule(table);
    const where = home !== undefined && home !== table ? ["-t", home] : [];
    return [...where, letter, chain, this.dice.pick(NUMBERS), ...words];
  }

  /** -D or -C of a rule that was said before, mostly. */
  private again(letter: string): readonly string[] {
    const before = this.said.length && this.dice.chance(0.8) ? this.dice.pick(this.said) : undefined;
    if (!before) return this.ruleCommand("filter", [letter]);
    return ["-t", before.table, letter, before.chain, ...before.words];
  }

  private zero(table: TableName): readonly string[] {
    const { dice } = this;
    if (dice.chance(0.3)) return ["-Z"];
    return dice.chance(0.5) ? ["-Z", this.chain(table)] : ["-Z", this.chain(table), dice.pick(NUMBERS)];
  }

  private listing(table: TableName): readonly string[] {
    const { dice } = this;
    const letter = dice.pick(["-L", "-L", "-S", "--list", "--list-rules"]);
    const words = [letter];
    if (dice.chance(0.6)) words.push(this.chain(table));
    if (words.length > 1 && dice.chance(0.3)) words.push(dice.pick(NUMBERS));
    for (const option of ["-n", "-v", "-x", "--line-numbers"])
      if (dice.chance(letter.includes("S") || letter.includes("rules") ? 0.1 : 0.4)) words.push(option);
    if (dice.chance(0.12)) words.push("-Z");
    return dice.chance(0.3)
      ? words
          .slice(1)
          .filter(word => word.startsWith("-"))
          .concat(words.filter(word => !word.startsWith("-n") && !/^-[vxZ]$|^--line/.test(word)))
      : words;
  }

  /** A rule and its chain; `home` is the table it belongs to when it comes from an extension's rows. */
  private rule(table: TableName): { chain: string; words: readonly string[]; home?: string } {
    const { dice } = this;
    if (dice.chance(0.3)) return this.clean();
    if (dice.chance(0.55)) {
      const phrase = dice.pick(this.byExtension.get(dice.pick([...this.byExtension.keys()])) ?? []);
      const words = dice.chance(0.5) && !phrase.words.includes("-j") ? [...phrase.words, "-j", this.target()] : [...phrase.words];
      const mixed = dice.chance(0.25) ? [...this.header(), ...words] : words;
      const spoilt = dice.chance(0.25) ? this.spoilt(mixed) : mixed;
      return dice.chance(0.85) ? { chain: phrase.chain, words: spoilt, home: phrase.table } : { chain: this.chain(table), words: spoilt };
    }
    const words = [...this.header(), ...(dice.chance(0.8) ? [dice.pick(["-j", "-j", "-j", "--jump", "-g"]), this.target()] : [])];
    return { chain: this.chain(table), words: dice.chance(0.15) ? this.spoilt(words) : words };
  }

  /** A rule as it should be, of one extension after the other. */
  private clean(): { chain: string; words: readonly string[]; home?: string } {
    const names = [...this.byExtension.keys()];
    const name = names[(this.seed * 7 + this.cleaned++) % names.length] ?? "";
    const good = (this.byExtension.get(name) ?? []).filter(phrase => phrase.good);
    if (good.length === 0) return { chain: "INPUT", words: [] };
    const { chain, words, table } = this.dice.pick(good);
    return {
      chain,
      words: words.includes("-j") || this.dice.chance(0.5) ? words : [...words, "-j", this.dice.pick(["ACCEPT", "RETURN"])],
      home: table,
    };
  }

  private target(): string {
    return this.dice.chance(0.75) ? this.dice.pick(FAKE_TARGETS) : this.dice.pick([...USER, "INPUT", "nope"]);
  }

  private header(): string[] {
    const { dice } = this;
    const words: string[] = [];
    const add = (share: number, options: readonly string[], values: readonly string[]): void => {
      if (!dice.chance(share)) return;
      const value = dice.chance(0.8) ? (values[dice.below(Math.min(4, values.length))] ?? "") : dice.pick(values);
      // `! -i +` is listed and not saved by iptables-legacy, which is no example to follow.
      if (dice.chance(0.15) && value !== "+") words.push("!");
      words.push(dice.pick(options), value);
    };
    add(0.35, ["-s", "--source", "--src"], ADDRESSES[this.family]);
    add(0.3, ["-d", "--destination", "--dst"], ADDRESSES[this.family]);
    add(0.15, ["-i", "--in-interface"], INTERFACES);
    add(0.15, ["-o", "--out-interface"], INTERFACES);
    if (dice.chance(0.05)) words.push(...dice.pick([["-f"], ["!", "-f"]]));
    const ported = dice.chance(0.3);
    if (ported) {
      words.push("-p", dice.pick(["tcp", "udp"]));
      add(0.7, ["--dport", "--destination-port", "--dpor"], PORTS);
      add(0.3, ["--sport", "--source-port"], PORTS);
    } else add(0.3, ["-p", "--protocol", "--proto"], PROTOCOLS);
    if (dice.chance(0.06))
      words.push(
        "-c",
        dice.pick(["1", "7", ...(this.variant === "legacy" ? ["-1", "18446744073709551615"] : []), "x"]),
        dice.pick(["2", "5", "y", "-3"]),
      );
    return words;
  }

  /** One thing wrong, or only unusual, in a list of words. */
  private spoilt(words: readonly string[]): readonly string[] {
    const { dice } = this;
    const out = [...words];
    const at = dice.below(out.length + 1);
    const word = out[at];
    switch (dice.below(9)) {
      case 0:
        out.splice(at, 1);
        break;
      case 1:
        out.splice(at, 0, dice.pick(JUNK));
        break;
      case 2:
        out.splice(at, 0, "!");
        break;
      case 3:
        if (word !== undefined) out.splice(at, 0, word);
        break;
      case 4:
        if (word?.startsWith("--") && word.length > 4) out[at] = word.slice(0, 3 + dice.below(word.length - 3));
        break;
      case 5:
        if (word?.startsWith("-") && out[at + 1] !== undefined)
          out.splice(at, 2, word.startsWith("--") ? `${word}=${out[at + 1]}` : `${word}${out[at + 1]}`);
        break;
      case 6: {
        const other = dice.below(out.length);
        if (word !== undefined) [out[at], out[other]] = [out[other] ?? "", word];
        break;
      }
      case 7:
        if (word !== undefined && word.length > 0) {
          const place = dice.below(word.length);
          out[at] =
            word.slice(0, place) +
            dice.pick(["", "x", "0", "-", ",", ":", "/", "!", word[place] ?? ""]) +
            word.slice(place + dice.below(2));
        }
        break;
      default:
        if (word !== undefined) out[at] = dice.pick(JUNK);
    }
    return out.map(each => each.replaceAll("\0", ""));
  }

  private saveOptions(): readonly string[] {
    return this.dice.pick([
      [],
      [],
      ["-c"],
      ["-t", "filter"],
      ["-t", "nat"],
      ["-t", "foo"],
      ["--counters"],
      ["-V"],
      ["x"],
      ["--bogus"],
      ["-t"],
      ["--table=mangle", "-c"],
      ["-M", "x"],
      ["-b"],
      ["-c", "-t", "filter"],
      ["--cou"],
    ]);
  }

  /** A restore of a table, sometimes of two, good or with a fault. */
  private restore(): { argv: readonly string[]; stdin: string } {
    const { dice } = this;
    const table = this.tableName();
    const stdin = this.block(table) + (dice.chance(0.15) ? this.block(this.tableName()) : "");
    const argv = dice.pick([
      [],
      [],
      [],
      ["-c"],
      ["-c"],
      ["-n"],
      ["-n"],
      ["-n", "-c"],
      ["-t"],
      ["-T", table],
      ["-T", "raw"],
      ["--noflush"],
      ["-w", "2"],
      ["-v"],
      ["-v", "-n"],
      ["--bogus"],
      ["-V"],
    ]);
    return { argv, stdin };
  }

  private block(table: TableName): string {
    const { dice } = this;
    const lines: string[] = [];
    if (dice.chance(0.3)) lines.push("# a comment");
    lines.push(`*${dice.chance(0.97) ? table : dice.pick(["foo", "", " filter"])}`);
    const counters = (): string =>
      dice.chance(0.9) ? `[${dice.below(9)}:${dice.below(99)}]` : dice.pick(["", "[0]", "[a:b]", "[1:2", "[18446744073709551616:1]"]);
    for (const chain of BUILTIN_CHAINS[table])
      if (dice.chance(0.6))
        lines.push(`:${chain} ${dice.chance(0.95) ? dice.pick(["ACCEPT", "DROP"]) : dice.pick(["-", "FOO", ""])} ${counters()}`);
    for (const chain of USER) if (dice.chance(0.5)) lines.push(`:${chain} - ${counters()}`);
    if (dice.chance(0.05))
      lines.push(dice.pick([":", ":x", ":ACCEPT - [0:0]", ":-x - [0:0]", ":a DROP [0:0]", `:${"c".repeat(29)} - [0:0]`]));
    for (let n = dice.below(6); n > 0; n--) {
      const { chain, words, home } = this.rule(table);
      if (home !== undefined && home !== table) continue;
      if ([chain, ...words].some(word => word.includes("\n"))) continue;
      const text = words.map(quotedWord).join(" ");
      const spoken = quotedWord(chain);
      lines.push(`${dice.chance(0.3) ? `${counters()} ` : ""}${dice.pick(["-A", "-A", "-A", "-A", "-I", "-D", "-C"])} ${spoken} ${text}`);
    }
    if (dice.chance(0.1))
      lines.push(
        dice.pick([
          "-F",
          "-N e",
          "-P INPUT DROP",
          "-Z",
          "-E a z",
          "-D INPUT 1",
          "-R INPUT 1 -j DROP",
          "-t nat -A INPUT",
          "foo",
          "-4 -A INPUT",
          "-6 -A INPUT",
          "",
          "-w -A INPUT",
          "-X nope",
        ]),
      );
    if (dice.chance(0.97)) lines.push("COMMIT");
    return `${lines.join("\n")}\n`;
  }
}

/** A word as iptables-save writes it. */
const quotedWord = (word: string): string => (/^[^\s"\\]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, "\\$&")}"`);
