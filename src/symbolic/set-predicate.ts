import {
  all,
  always,
  among,
  bits,
  equal,
  named,
  namedLike,
  never,
  not,
  type Family,
  type Field,
  type Predicate,
  type Range,
  type Scalar,
  type SetEnd,
  type SetTest,
} from "../predicate/index.ts";
import { network } from "./address-types.ts";
import type { IpSet, Listed, Sets } from "../ruleset/index.ts";

/** Members of lists inside lists; the kernel allows one level. */
const DEEPEST = 2;

/**
 * A look into a set whose contents are known, as a test of fields: the entries that it has at `now` (µs). Undefined where that cannot say it:
 * counters of entries, entries that wait for a hardware address, exceptions for interfaces that overlap, sets that do not exist. Mirrors `IpSet.lookup`.
 */
export function setPredicate(test: SetTest, sets: Sets, family: Family, now: number, depth = 0): Predicate | undefined {
  const set = sets.get(test.set);
  if (set === undefined || depth > DEEPEST) return undefined;
  if (test.packets !== undefined || test.bytes !== undefined) return undefined;
  const { parts, method } = set.type;
  if (test.dimensions.length < parts.length && method !== "list") return never;
  if (set.family !== undefined && set.family !== family) return never;
  const entries = [...set.entries(now)];
  if (method === "list") {
    const members = entries.map(({ name = "" }) => setPredicate({ ...test, set: name }, sets, family, now, depth + 1));
    return members.includes(undefined) ? undefined : { is: "any", of: members as Predicate[] };
  }
  if (entries.some(({ element }) => parts.includes("mac") && element.mac === undefined) || hidden(entries)) return undefined;
  const tests = new EntryTests(set, test.dimensions, family);
  // Only networks have exceptions; of other sets the option asks nothing. Kernel: ip_set_core.c, ip_set_test.
  return byPrecedence(tests, entries, test.returnNomatch && parts.includes("net"));
}

/** Can it be that two entries have the packet, and the kernel's order decides whether it is an exception? */
const hidden = (entries: readonly Listed[]): boolean =>
  entries.some(({ element }) => element.wildcard === true) && entries.some(({ nomatch }) => nomatch);

/**
 * Entries with longer prefixes are asked first, and the first that has the packet decides. Of a network with interfaces, other interfaces of the
 * same network end the search. Kernel: ip_set_hash_gen.h, mtype_test_cidrs.
 */
function byPrecedence(tests: EntryTests, entries: readonly Listed[], excepted: boolean): Predicate {
  const byLength = new Map<number, Listed[]>();
  for (const entry of entries) {
    const key = lengthsOf(entry);
    const alike = byLength.get(key);
    if (alike) alike.push(entry);
    else byLength.set(key, [entry]);
  }
  const stops = tests.stops && byLength.size > 1;
  if (!stops && !entries.some(({ nomatch }) => nomatch)) return excepted ? never : tests.any(entries);
  let holds: Predicate = never;
  for (const [, alike] of [...byLength].toSorted(([a], [b]) => a - b)) {
    const wanted = alike.filter(({ nomatch }) => nomatch === excepted);
    const deciding = stops ? tests.networks(alike) : tests.any(alike.filter(({ nomatch }) => nomatch !== excepted));
    holds = { is: "any", of: [tests.any(wanted), all(not(deciding), holds)] };
  }
  return holds;
}

/** The lengths of an entry's prefixes as one number, the first counting most. */
const lengthsOf = ({ element: { cidr = 128, cidr2 = 128 } }: Listed): number => cidr * 256 + cidr2;

/** Entries of one set as tests of the ends of a packet. */
class EntryTests {
  /** Does another interface of a network end the search? */
  readonly stops: boolean;
  private readonly set: IpSet;
  private readonly ends: readonly SetEnd[];
  private readonly family: Family;

  constructor(set: IpSet, ends: readonly SetEnd[], family: Family) {
    this.set = set;
    this.ends = ends;
    this.family = family;
    this.stops = set.type.parts.includes("iface");
  }

  /** Packets that are one of the entries. */
  any(entries: readonly Listed[]): Predicate {
    if (entries.length === 0) return never;
    return this.addresses(entries) ?? { is: "any", of: entries.map(entry => this.entry(entry)) };
  }

  /** Packets that are in the networks of entries. */
  networks(entries: readonly Listed[]): Predicate {
    const at = this.set.type.parts.indexOf("net");
    const asked = entries.filter(({ element }) => element.physdev !== true);
    return { is: "in", field: addressField(this.ends[at]), ranges: asked.map(({ element }) => this.range(element.ip, element.cidr)) };
  }

  /** Of addresses or networks alone, many entries are one test. */
  private addresses(entries: readonly Listed[]): Predicate | undefined {
    const [part, ...others] = this.set.type.parts;
    if (others.length > 0 || (part !== "ip" && part !== "net") || this.mask !== undefined) return undefined;
    return { is: "in", field: addressField(this.ends[0]), ranges: entries.map(({ element }) => this.range(element.ip, element.cidr)) };
  }

  /** Bits of addresses that the set stores, where these are not a prefix. */
  private get mask(): Scalar | undefined {
    const { made } = this.set;
    return made.method === "hash" ? made.options.bitmask : undefined;
  }

  private get netmask(): number | undefined {
    const { made } = this.set;
    return made.method === "list" ? undefined : made.options.netmask;
  }

  private range(ip: Scalar | undefined, length: number | undefined): Range {
    const whole = this.family === 4 ? 32 : 128;
    return network(ip ?? 0, Math.min(length ?? whole, this.netmask ?? whole), this.family);
  }

  private address(end: SetEnd | undefined, ip: Scalar | undefined, length: number | undefined): Predicate {
    const field = addressField(end);
    const { mask } = this;
    if (mask === undefined) return among(field, this.range(ip, length));
    if (this.family === 4) {
      const kept = BigInt(mask) & prefixMask(32, length ?? 32);
      return bits(field, Number(kept), Number(BigInt(ip ?? 0) & kept));
    }
    const kept = BigInt(mask) & prefixMask(128, length ?? 128);
    return bits(field, kept, BigInt(ip ?? 0) & kept);
  }

  private entry({ element }: Listed): Predicate {
    let addresses = 0;
    const tests = this.set.type.parts.map((part, index): Predicate => {
      const end = this.ends[index];
      switch (part) {
        case "ip":
        case "net":
          return addresses++ === 0 ? this.address(end, element.ip, element.cidr) : this.address(end, element.ip2, element.cidr2);
        case "port":
          return this.port(element.protocol, element.port ?? 0, end);
        case "mac":
          // Of the receiver's hardware address sets know nothing.
          return end === "src" ? equal("mac", element.mac ?? 0) : never;
        case "mark":
          return bits("mark", this.markmask, element.mark ?? 0);
        case "iface":
          // The match has no option that asks for bridge ports. Kernel: ip_set_hash_netiface.c, hash_netiface4_kadt.
          return element.physdev === true ? never : interfaceTest(end, element.iface ?? "", element.wildcard === true);
        case "name":
          return never;
      }
    });
    return all(...tests);
  }

  private get markmask(): number {
    const { made } = this.set;
    return made.method === "hash" ? made.options.markmask : 0xffffffff;
  }

  /** Ports of ICMP are type times 256 plus code, other protocols have 0. A bitmap of ports asks TCP and UDP alike. Kernel: ip_set_getport.c. */
  private port(protocol: number | undefined, port: number, end: SetEnd | undefined): Predicate {
    const field: Field = end === "src" ? "sport" : "dport";
    if (protocol === undefined) return all(among("protocol", [6, 6], [17, 17]), equal(field, port));
    const of = equal("protocol", protocol);
    if (protocol === (this.family === 4 ? 1 : 58)) return all(of, equal("icmptype", port >> 8), equal("icmpcode", port & 0xff));
    if (PORTED.has(protocol)) return all(of, equal(field, port));
    if (port !== 0 || protocol === NO_PROTOCOL[this.family]) return never;
    return this.family === 4 ? of : all(of, equal("fragoff", 0));
  }
}

const addressField = (end: SetEnd | undefined): Field => (end === "src" ? "saddr" : "daddr");

function interfaceTest(end: SetEnd | undefined, name: string, wildcard: boolean): Predicate {
  const field: Field = end === "src" ? "iif" : "oif";
  const some = not(named(field, ""));
  return wildcard ? all(some, name === "" ? always : namedLike(field, name)) : all(some, named(field, name));
}

const prefixMask = (width: number, length: number): bigint => ((1n << BigInt(length)) - 1n) << BigInt(width - length);

/** Protocols of which sets know ports. */
const PORTED: ReadonlySet<number> = new Set([6, 17, 132, 136]);
/** The protocol that no set takes. */
const NO_PROTOCOL: Readonly<Record<Family, number>> = { 4: 0, 6: 59 };
