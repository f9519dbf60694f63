import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { protocolNumber, servicePort, serviceName } from "../packet/index.ts";
import { bits, not, type Action, type Family, type Predicate } from "../predicate/index.ts";
import {
  BUILTIN_CHAINS,
  bindTarget,
  UsageError,
  type Given,
  type Hook,
  type NameTables,
  type RuleContext,
  type TableName,
  type Target,
} from "../xtables/index.ts";
import { TARGETS } from "./index.ts";

/**
 * What iptables 1.8.9 (legacy, Linux 6.18) made of a rule: exit status, then the last line of its error, or
 * the saved words from the target on, the listing with -n and the listing without.
 */
type Measured =
  | readonly [family: Family, table: TableName, chain: Hook, rule: string, status: 0, saved: string, numeric: string, named: string]
  | readonly [family: Family, table: TableName, chain: Hook, rule: string, status: 1 | 2, error: string];

const MEASURED = JSON.parse(readFileSync(new URL("./targets/measured.json", import.meta.url), "utf8")) as readonly Measured[];

const names: NameTables = {
  user: () => undefined,
  group: () => undefined,
  service: (name, protocol) => servicePort(name, protocol),
  serviceName: (port, protocol) => serviceName(port, protocol),
};

/** Words of a rule as a shell splits them. */
function split(rule: string): string[] {
  const words: string[] = [];
  for (const [, ...parts] of rule.matchAll(/((?:"(?:[^"\\]|\\.)*"|[^\s"])+)/g))
    words.push((parts[0] ?? "").replace(/"((?:[^"\\]|\\.)*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, "$1")));
  return words;
}

const FLAG_BITS: Readonly<Record<string, number>> = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32, NONE: 0 };
const flagBits = (text = ""): number => text.split(",").reduce((sum, name) => sum | (FLAG_BITS[name] ?? 0), 0);

interface Read {
  readonly name: string;
  readonly given: readonly Given[];
  readonly context: RuleContext;
  readonly predicates: readonly Predicate[];
}

/** Enough of a parser for the measured rules: -p, --syn, --tcp-flags, then the target and its options. */
function read(family: Family, table: TableName, rule: string): Read {
  const words = split(rule);
  let invert = false;
  let protocol = "all";
  let inverted = false;
  let name = "";
  const predicates: Predicate[] = [];
  const given: Given[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const testFlags = (mask: number, value: number): void => {
      const p = bits("tcpflags", mask, value);
      predicates.push(invert ? not(p) : p);
    };
    if (word === "!") {
      invert = true;
      continue;
    }
    if (word === "-p") [protocol, inverted] = [words[++i] ?? "", invert];
    else if (word === "--syn") testFlags(23, 2);
    else if (word === "--tcp-flags") testFlags(flagBits(words[++i]), flagBits(words[++i]));
    else if (word === "-j") name = words[++i] ?? "";
    else if (name !== "") {
      const options = typeOf(name, family).options.options;
      const wanted = word.slice(2);
      const fits = Object.keys(options).filter(option => option === wanted || option.startsWith(wanted));
      const option = fits.includes(wanted) || fits.length !== 1 ? wanted : (fits[0] ?? wanted);
      given.push({ option, text: options[option]?.value ? (words[++i] ?? "") : "", invert });
    } else if (!["-m", "-i", "--dport"].includes(word)) throw new Error(`the test cannot read ${word}`);
    else i++;
    invert = false;
  }
  const number = protocol === "all" ? 0 : (protocolNumber(protocol) ?? Number(protocol));
  const context: RuleContext = {
    family,
    table,
    protocol: number,
    protocolName: protocol,
    protocolInverted: inverted,
    inInterface: "",
    outInterface: "",
    matches: predicates.length ? ["tcp"] : [],
  };
  return { name, given, context, predicates };
}

function typeOf(name: string, family: Family): (typeof TARGETS)[number] {
  const type = TARGETS.find(target => target.name === name && (target.families ?? [4, 6]).includes(family));
  if (!type) throw new UsageError(`unknown option "--${name}"`);
  return type;
}

function bind({ name, given, context }: Read): Target {
  return bindTarget(typeOf(name, context.family), given, context, {
    family: context.family,
    protocol: context.protocolName,
    names,
    warn: () => undefined,
  });
}

const needs = (family: Family, table: TableName, rule: string): readonly string[] => bind(read(family, table, rule)).needs;

function outcome(family: Family, table: TableName, chain: Hook, rule: string): readonly unknown[] {
  try {
    const parsed = read(family, table, rule);
    const target = bind(parsed);
    const refused = target.check({ ...parsed.context, hooks: new Set([chain]), predicates: parsed.predicates });
    if (refused !== undefined) return [1];
    return [0, target.save.replace("-j ", ""), target.list({ numeric: true, names }), target.list({ numeric: false, names })];
  } catch (fault) {
    if (fault instanceof UsageError) return [fault.status, fault.message];
    throw fault;
  }
}

/** Faults of these rows are found before any target is asked: by the option parser, or because the family has no such target. */
const elsewhere = (row: Measured): boolean => row[4] === 2 && row[5].startsWith("unknown option") && typeOfOrNone(row[3], row[0]);
function typeOfOrNone(rule: string, family: Family): boolean {
  const name = /-j (\S+)/.exec(rule)?.[1] ?? "";
  return !TARGETS.some(target => target.name === name && (target.families ?? [4, 6]).includes(family));
}

describe("every target answers as iptables 1.8.9 does", () => {
  for (const row of MEASURED) {
    const [family, table, chain, rule] = row;
    if (elsewhere(row)) continue;
    test(`IPv${family} -t ${table} -A ${chain} ${rule}`, () => {
      const got = outcome(family, table, chain, rule);
      if (row[4] !== 0) {
        // Why the kernel refused is our own sentence. Names are not resolved, whatever the resolver of the measuring machine said.
        const sentence = row[5].replace("Temporary failure in name resolution", "Name or service not known");
        return expect(got).toEqual(row[4] === 1 ? [1] : [2, sentence]);
      }
      const [, , , , , saved, numeric, named] = row;
      expect(got.slice(0, 2)).toEqual([0, saved]);
      // A listing shows the rule's matches before the target's words.
      if (!/tcp flags|dpt:/.test(numeric)) return expect(got.slice(2)).toEqual([numeric, named]);
      expect(numeric.endsWith(` ${String(got[2])}`)).toBe(true);
      return expect(named.endsWith(` ${String(got[3])}`)).toBe(true);
    });
  }
});

describe("each target", () => {
  for (const type of TARGETS) {
    test(`${type.name}: saving is a fixpoint, its options are documented`, () => {
      expect(type.help).toMatch(/^[A-Z].*\.$/);
      for (const [name, option] of Object.entries(type.options.options)) expect(option.help, name).toMatch(/^[A-Z].*\.$/);
      const accepted = MEASURED.filter(row => row[4] === 0 && row[3].includes(`-j ${type.name}`));
      for (const [family, table, , rule, , saved] of accepted) {
        if (/timeout/.test(rule)) continue;
        const before = rule.slice(0, rule.indexOf("-j "));
        // iptables cannot read these again: a base port of 0, and a single port with a base.
        if (/src-pfx ::\/0/.test(rule)) continue;
        if (/:\d+\/\d|--to-ports \d+\/\d|-\d+\/0( |$)/.test(saved ?? "")) continue;
        expect(bind(read(family, table, `${before}-j ${saved}`)).save).toBe(`-j ${saved}`);
      }
    });
    test(`${type.name}: an option that it does not have is refused`, () => {
      const table = type.tables?.[0] ?? "filter";
      expect(BUILTIN_CHAINS[table].length).toBeGreaterThan(0);
      expect(() =>
        bind({ ...read(type.families?.[0] ?? 4, table, `-j ${type.name}`), given: [{ option: "no-such", text: "", invert: false }] }),
      ).toThrow('unknown option "--no-such"');
    });
  }
});

describe("what targets do", () => {
  const rows: readonly (readonly [family: Family, table: TableName, rule: string, action: Action])[] = [
    [4, "filter", "-j ACCEPT", { do: "accept" }],
    [4, "filter", "-j DROP", { do: "drop" }],
    [4, "filter", "-j RETURN", { do: "return" }],
    [4, "filter", "-j QUEUE", { do: "queue", low: 0, high: 0, bypass: false }],
    [4, "raw", "-j TRACE", { do: "trace" }],
    [4, "raw", "-j NOTRACK", { do: "track", notrack: true }],
    [4, "raw", "-j CT --notrack", { do: "track", notrack: true }],
    [4, "raw", "-j CT", { do: "track", notrack: false }],
    [4, "raw", "-j CT --zone-orig mark", { do: "track", notrack: false, zone: { id: "mark", direction: "original" } }],
    [4, "raw", "-j CT --zone-orig 1 --zone-reply 2", { do: "track", notrack: false, zone: { id: 2 } }],
    [4, "raw", "-p tcp -j CT --helper ftp --ctevents reply,new", { do: "track", notrack: false, helper: "ftp", events: ["new", "reply"] }],
    [4, "mangle", "-j CHECKSUM --checksum-fill", { do: "checksum" }],
    [4, "filter", "-j REJECT", { do: "reject", with: { kind: "icmp", type: 3, code: 3, name: "icmp-port-unreachable" } }],
    [
      4,
      "filter",
      "-j REJECT --reject-with admin-prohib",
      { do: "reject", with: { kind: "icmp", type: 3, code: 13, name: "icmp-admin-prohibited" } },
    ],
    [6, "filter", "-j REJECT", { do: "reject", with: { kind: "icmp", type: 1, code: 4, name: "icmp6-port-unreachable" } }],
    [6, "filter", "-j REJECT --reject-with no-route", { do: "reject", with: { kind: "icmp", type: 1, code: 0, name: "icmp6-no-route" } }],
    [6, "filter", "-p tcp -j REJECT --reject-with tcp-reset", { do: "reject", with: { kind: "tcp-reset" } }],
    [
      4,
      "filter",
      '-j LOG --log-prefix "a: " --log-level info --log-uid --log-tcp-options',
      { do: "log", prefix: "a: ", level: 6, tcpSequence: false, tcpOptions: true, ipOptions: false, uid: true, macDecode: false },
    ],
    [4, "filter", "-j NFLOG --nflog-range 5", { do: "nflog", group: 0, prefix: "", threshold: 0 }],
    [4, "filter", "-j NFLOG --nflog-size 5 --nflog-group 2", { do: "nflog", group: 2, prefix: "", size: 5, threshold: 0 }],
    [4, "mangle", "-j MARK --set-mark 0xf/0x1", { do: "set", field: "mark", clear: 0xf, value: 0xf }],
    [4, "mangle", "-j MARK --set-xmark 0xf/0x1", { do: "set", field: "mark", clear: 0x1, value: 0xf }],
    [4, "mangle", "-j MARK --and-mark 0xff", { do: "set", field: "mark", clear: 0xffffff00, value: 0 }],
    [
      4,
      "mangle",
      "-j CONNMARK --save-mark --mask 0xff",
      { do: "set", field: "ctmark", clear: 0xff, value: { field: "mark", mask: 0xff, shift: 0 } },
    ],
    [
      4,
      "mangle",
      "-j CONNMARK --restore-mark --nfmask 0xf0 --ctmask 0xf --left-shift-mark 4",
      { do: "set", field: "mark", clear: 0xf0, value: { field: "ctmark", mask: 0xf, shift: 4 } },
    ],
    [4, "mangle", "-j CONNMARK --set-mark 0x80/0xff", { do: "set", field: "ctmark", clear: 0xff, value: 0x80 }],
    [
      4,
      "mangle",
      "-j CONNMARK --set-mark 0x80/0xff --right-shift-mark 4",
      { do: "set", field: "ctmark", clear: 0xffffffff, value: { field: "ctmark", mask: 0xffffff00, shift: -4, flip: 8 } },
    ],
    [4, "mangle", "-j TOS --set-tos Minimize-Delay", { do: "set", field: "tos", clear: 0x3f, value: 0x10 }],
    [4, "mangle", "-j DSCP --set-dscp-class EF", { do: "set", field: "tos", clear: 0xfc, value: 0xb8 }],
    [4, "mangle", "-j TTL --ttl-set 7", { do: "set", field: "ttl", clear: 0xff, value: 7 }],
    [4, "mangle", "-j TTL --ttl-dec 2", { do: "add", field: "ttl", delta: -2 }],
    [6, "mangle", "-j HL --hl-inc 2", { do: "add", field: "ttl", delta: 2 }],
    [4, "mangle", "-j CLASSIFY --set-class ffff:2", { do: "set", field: "priority", clear: 0xffffffff, value: 0xffff0002 }],
    [4, "mangle", "-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu", { do: "mss", to: "path" }],
    [4, "mangle", "-p tcp --syn -j TCPMSS --set-mss 1400", { do: "mss", to: 1400 }],
    [
      4,
      "nat",
      "-j MASQUERADE --random-fully",
      { do: "nat", manip: "source", address: { from: "interface" }, random: false, randomFully: true, persistent: false },
    ],
    [
      4,
      "nat",
      "-p tcp -j REDIRECT --to-ports 8080",
      {
        do: "nat",
        manip: "destination",
        address: { from: "interface" },
        ports: [8080, 8080],
        random: false,
        randomFully: false,
        persistent: false,
      },
    ],
    [
      4,
      "nat",
      "-p tcp -j DNAT --to-destination :80-90/5 --persistent",
      {
        do: "nat",
        manip: "destination",
        address: { from: "packet" },
        ports: [80, 90],
        portBase: 5,
        random: false,
        randomFully: false,
        persistent: true,
      },
    ],
    [
      4,
      "nat",
      "-p tcp -j SNAT --to-source 192.0.2.1-192.0.2.9:80-90/5 --random",
      {
        do: "nat",
        manip: "source",
        address: { from: "range", low: 0xc0000201, high: 0xc0000209 },
        ports: [80, 90],
        portBase: 0,
        random: true,
        randomFully: false,
        persistent: false,
      },
    ],
    [
      6,
      "nat",
      "-j NETMAP --to 2001:db8::9/64",
      {
        do: "nat",
        manip: "destination",
        address: { from: "netmap", network: 0x20010db8n << 96n, mask: ((1n << 64n) - 1n) << 64n },
        random: false,
        randomFully: false,
        persistent: false,
      },
    ],
    [4, "mangle", "-j CONNSECMARK --save", { do: "continue" }],
    [4, "filter", "-j NFQUEUE", { do: "queue", low: 0, high: 0, bypass: false }],
    [4, "filter", "-j NFQUEUE --queue-num 7 --queue-bypass", { do: "queue", low: 7, high: 7, bypass: true }],
    [4, "filter", "-j NFQUEUE --queue-balance 2:5 --queue-cpu-fanout", { do: "queue", low: 2, high: 5, bypass: false, byCpu: true }],
    [4, "mangle", "-p tcp -j TCPOPTSTRIP --strip-options timestamp,mss,30", { do: "strip", kinds: [2, 8, 30] }],
    [4, "mangle", "-p tcp -j TCPOPTSTRIP", { do: "strip", kinds: [] }],
    [4, "mangle", "-j TEE --gateway 192.0.2.9", { do: "tee", gateway: 0xc0000209 }],
    [6, "mangle", "-j TEE --gateway ::9 --oif eth1", { do: "tee", gateway: 9n, device: "eth1" }],
    [
      4,
      "mangle",
      "-p tcp -j TPROXY --on-port 8080 --on-ip 127.0.0.1 --tproxy-mark 1/3",
      { do: "tproxy", address: 0x7f000001, port: 8080, mark: 1, mask: 3 },
    ],
    [6, "mangle", "-p udp -j TPROXY --on-port 0", { do: "tproxy", address: 0n, port: 0, mark: 0, mask: 0 }],
    [
      4,
      "filter",
      "-p tcp -j SYNPROXY --mss 1460 --wscale 7 --sack-perm",
      { do: "synproxy", mss: 1460, windowScale: 7, timestamp: false, selectiveAck: true, ecn: false },
    ],
    [
      4,
      "filter",
      "-p tcp -j SYNPROXY --timestamp --ecn",
      { do: "synproxy", mss: 0, windowScale: -1, timestamp: true, selectiveAck: false, ecn: true },
    ],
    [
      6,
      "mangle",
      "-j SNPT --src-pfx fd00:1::/48 --dst-pfx 2001:db8:7::/64",
      {
        do: "prefix",
        end: "source",
        from: { network: 0xfd000001n << 96n, prefixLength: 48 },
        to: { network: 0x20010db80007n << 80n, prefixLength: 64 },
      },
    ],
    [
      6,
      "mangle",
      "-j DNPT --src-pfx fd00::/16 --dst-pfx fd01::/16",
      {
        do: "prefix",
        end: "destination",
        from: { network: 0xfd00n << 112n, prefixLength: 16 },
        to: { network: 0xfd01n << 112n, prefixLength: 16 },
      },
    ],
    [4, "mangle", "-p tcp -j ECN --ecn-tcp-remove", { do: "set", field: "tcpflags", clear: 0xc0, value: 0 }],
    [4, "mangle", "-p tcp -j ECN --ecn-tcp-cwr 1", { do: "set", field: "tcpflags", clear: 0x80, value: 0x80 }],
    [4, "mangle", "-p tcp -j ECN --ecn-tcp-ece 1 --ecn-tcp-cwr 0", { do: "set", field: "tcpflags", clear: 0xc0, value: 0x40 }],
    [4, "mangle", "-j ECN --ecn-ip-ect 2", { do: "set", field: "tos", clear: 3, value: 2 }],
  ];
  for (const [family, table, rule, action] of rows) test(rule, () => expect(bind(read(family, table, rule)).action).toEqual(action));

  test("only what tracks connections switches tracking on", () => {
    expect(needs(4, "raw", "-j CT --notrack")).toEqual([]);
    expect(needs(4, "raw", "-j CT --zone 1")).toEqual(["conntrack"]);
    expect(needs(4, "mangle", "-j CONNMARK --save-mark")).toEqual(["conntrack"]);
    expect(needs(4, "nat", "-j MASQUERADE")).toEqual(["conntrack", "nat"]);
    expect(needs(4, "filter", "-j LOG")).toEqual([]);
  });
});

describe("on purpose other than iptables 1.8.9", () => {
  test("a helper's name with a blank is quoted: iptables saves `--helper a b`, and refuses to load that again", () => {
    const saved = bind(read(4, "raw", '-j CT --notrack --helper "a b"')).save;
    expect(saved).toBe('-j CT --notrack --helper "a b"');
    expect(bind(read(4, "raw", saved)).save).toBe(saved);
  });
});

describe("laws", () => {
  const number = fc.oneof(fc.nat(70000), fc.integer({ min: -2, max: 300 })).map(String);
  const address = fc.constantFrom("192.0.2.1", "2001:db8::1", "[2001:db8::1]", "[::]", "", "ssh", "mark", "EF", "tcp-reset");
  const piece = fc.oneof(number, address, fc.constantFrom("-", ":", "/", ",", "0x", " ", "new", "info", "!"), fc.string());
  const word = fc.array(piece, { minLength: 1, maxLength: 5 }).map(pieces => pieces.join(""));

  /** The target of random options, or the sentence that refuses them. */
  const attempt = (type: (typeof TARGETS)[number], family: Family, given: readonly Given[]): Target | string => {
    const context: RuleContext = { ...read(family, type.tables?.[0] ?? "mangle", `-p tcp -j ${type.name}`).context };
    try {
      return bind({ name: type.name, given, context, predicates: [] });
    } catch (fault) {
      if (fault instanceof UsageError) return fault.message;
      throw fault;
    }
  };

  /** The action without its functions. */
  const plain = (action: Action): string =>
    JSON.stringify(action, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));

  for (const type of TARGETS)
    test(`${type.name}: any option values are read or refused, and what was read is saved so that it reads the same`, () => {
      const options_ = Object.keys(type.options.options);
      const given = fc.array(
        fc.record({ option: fc.constantFrom(...(options_.length ? options_ : ["none"])), text: word, invert: fc.constant(false) }),
        { maxLength: 3 },
      );
      fc.assert(
        fc.property(fc.constantFrom(...(type.families ?? ([4, 6] as const))), given, (family, options) => {
          const target = attempt(type, family, options);
          if (typeof target === "string") return;
          expect(target.list({ numeric: true, names })).not.toMatch(/undefined|NaN/);
          // ip6tables saves no prefix ::/0.
          if (type.options.options["src-pfx"] && !/src.*dst/.test(target.save)) return;
          // A base port without a range, or one of 0, is saved so that iptables itself cannot read it; nor is a policy's whole name saved.
          if (/:\d+\/\d|--to-ports \d+\/\d|-\d+\/0( |$)|--timeout|--helper/.test(target.save)) return;
          const again = attempt(type, family, read(family, type.tables?.[0] ?? "mangle", `-p tcp ${target.save}`).given);
          expect(typeof again === "string" ? again : again.save).toBe(target.save);
          expect(typeof again === "string" ? again : plain(again.action)).toBe(plain(target.action));
        }),
        { numRuns: 300 },
      );
    });
});
