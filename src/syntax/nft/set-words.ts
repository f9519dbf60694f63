import { intervals, printMac, type Interval } from "../../packet/index.ts";
import type { Described, Family, Scalar, SetTest } from "../../predicate/index.ts";
import { secondsLeft, type IpSet, type Listed, type Sets } from "../../ruleset/index.ts";
import { rangeText, addressText } from "./field-text.ts";
import { Unsayable } from "./unsayable.ts";
import { type Identifiers, interfaceName } from "./words.ts";

/** A test of an ipset in nft's words, and what it cannot be asked of: a later fragment has no ports to look up. */
export interface SetSaid {
  readonly text: string;
  /** A packet always has what is looked up, so that the contrary can be said in one test. */
  readonly total: boolean;
  readonly ports: boolean;
}

/** The nft sets that stand for ipsets in one table. */
export class SetWords {
  readonly #sets: Sets | undefined;
  readonly #now: number;
  readonly #names: Identifiers;
  readonly #declared = new Map<string, string>();

  /** Contents as they are at `now` (µs); without sets every test is refused. */
  constructor(sets: Sets | undefined, now: number, names: Identifiers) {
    this.#sets = sets;
    this.#now = now;
    this.#names = names;
  }

  /** Declarations of the sets that were asked for. */
  get declarations(): readonly string[] {
    return [...this.#declared.values()];
  }

  /** A look into an ipset; undefined when it can never hold. Throws Unsayable. */
  test(test: SetTest, family: Family): SetSaid | undefined {
    const set = this.#sets?.get(test.set);
    if (set === undefined) throw new Unsayable(`nothing is known of the ipset ${test.set}: give its contents with --ipset FILE`);
    if (test.packets !== undefined || test.bytes !== undefined) throw new Unsayable("nft compares no counters of set elements");
    if (test.returnNomatch) throw new Unsayable("nft knows no elements that except a packet (nomatch)");
    const { parts } = set.type;
    if (set.type.method === "list") throw new Unsayable(`nft has no lists of sets, and ${test.set} is one`);
    if (test.dimensions.length < parts.length || (set.family !== undefined && set.family !== family)) return undefined;
    const keys = parts.map((part, i) => keyOf(part, test.dimensions[i] ?? "src", family, set));
    const name = this.#declare(test.set, set, keys);
    return {
      text: `${keys.join(" . ")} @${name}`,
      total: parts.every(part => part === "ip" || part === "net" || part === "mark" || part === "iface"),
      ports: parts.includes("port"),
    };
  }

  /** `add @set`, for a set of its own that counts the connections of each network. */
  counting(described: Counting, family: Family): string {
    const identifier = this.#names.fresh("connections");
    this.#declared.set(
      identifier,
      `\tset ${identifier} {\n\t\ttypeof ${connectionKey(described, family).replace(/ & .*/, "")}\n\t\tsize 65535\n\t\tflags dynamic\n\t}\n`,
    );
    return `add @${identifier}`;
  }

  #declare(name: string, set: IpSet, keys: readonly string[]): string {
    // One ipset may be asked by its source and by its destination: the names of the fields differ, their types do not.
    const identifier = this.#names.of(`set_${name}`);
    if (this.#declared.has(identifier)) return identifier;
    const listed = [...set.entries(this.#now)];
    const timed = timeoutOf(set) !== undefined;
    const elements = set.type.name === "hash:net" && !timed ? merged(listed) : listed.map(one => elementText(one, set, timed, this.#now));
    const nets = set.type.parts.includes("net");
    if (nets && (set.type.parts.length > 1 || timed)) refuseOverlaps(listed, name);
    const flags = [...(nets ? ["interval"] : []), ...(timed ? ["timeout"] : [])];
    const lines = [
      `\tset ${identifier} {`,
      `\t\ttypeof ${keys.map(key => key.replace(/ & .*|.*\} /g, "")).join(" . ")}`,
      ...(flags.length ? [`\t\tflags ${flags.join(", ")}`] : []),
      ...(elements.length ? [`\t\telements = { ${elements.join(", ")} }`] : []),
      "\t}\n",
    ];
    this.#declared.set(identifier, lines.join("\n"));
    return identifier;
  }
}

type Counting = Extract<Described, { kind: "connections" }>;

/** What connections are counted by. */
export function connectionKey({ side, mask }: Counting, family: Family): string {
  const key = `${family === 4 ? "ip" : "ip6"} ${side === "source" ? "saddr" : "daddr"}`;
  return BigInt(mask) === (family === 4 ? 0xffffffffn : (1n << 128n) - 1n) ? key : `${key} & ${addressText(mask)}`;
}

function timeoutOf({ made }: IpSet): number | undefined {
  return made.options.timeout;
}

function keyOf(part: string, end: "src" | "dst", family: Family, set: IpSet): string {
  switch (part) {
    case "ip":
    case "net": {
      const key = `${family === 4 ? "ip" : "ip6"} ${end === "src" ? "saddr" : "daddr"}`;
      const { made } = set;
      const mask =
        made.method === "hash" && (made.options.netmask !== undefined || made.options.bitmask !== undefined)
          ? made.options.mask
          : undefined;
      if (mask !== undefined && set.type.parts.length > 1) throw new Unsayable("nft masks no part of a joined key");
      if (made.method === "bitmap" && made.options.netmask !== undefined) throw new Unsayable("nft has no bitmap of networks");
      return mask === undefined ? key : `${key} & ${addressText(mask)}`;
    }
    case "port":
      return set.type.parts.length === 1
        ? `meta l4proto { tcp, udp, udplite, sctp } th ${end === "src" ? "sport" : "dport"}`
        : `meta l4proto . th ${end === "src" ? "sport" : "dport"}`;
    case "mac":
      return `ether ${end === "src" ? "saddr" : "daddr"}`;
    case "mark":
      return "meta mark";
    case "iface":
      return end === "src" ? "iifname" : "oifname";
    default:
      throw new Unsayable("nft has no set of such keys");
  }
}

/** Networks without timeouts: what touches or overlaps becomes one. */
function merged(listed: readonly Listed[]): readonly string[] {
  if (listed.some(({ nomatch }) => nomatch)) throw new Unsayable("nft knows no elements that except a packet (nomatch)");
  const ranges = listed.map(({ element }) => addressRange(element.ip ?? 0, element.cidr));
  const joined: readonly (readonly [Scalar, Scalar])[] =
    typeof ranges[0]?.[0] === "bigint" ? intervals(...(ranges as Interval<bigint>[])) : intervals(...(ranges as Interval<number>[]));
  return joined.map(range => rangeText(range, addressText));
}

/** Both ends of a network; an address by itself where there is no prefix length. */
function addressRange(address: Scalar, length: number | undefined): readonly [Scalar, Scalar] {
  if (length === undefined) return [address, address];
  return typeof address === "bigint" ? [address, address + (1n << BigInt(128 - length)) - 1n] : [address, address + 2 ** (32 - length) - 1];
}

const PORTED: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp", 136: "udplite" };

function elementText({ element, nomatch, extras }: Listed, set: IpSet, timed: boolean, now: number): string {
  if (nomatch) throw new Unsayable("nft knows no elements that except a packet (nomatch)");
  let second = false;
  const words = set.type.parts.flatMap((part): string[] => {
    switch (part) {
      case "ip":
      case "net": {
        const [ip, cidr] = second ? [element.ip2, element.cidr2] : [element.ip, element.cidr];
        second = true;
        return [rangeText(addressRange(ip ?? 0, cidr), addressText)];
      }
      case "port": {
        if (set.type.parts.length === 1) return [String(element.port)];
        const protocol = PORTED[element.protocol ?? 0];
        if (protocol === undefined) throw new Unsayable("nft looks up ports only of tcp, udp, sctp and udplite");
        return [protocol, String(element.port)];
      }
      case "mac":
        if (element.mac === undefined) throw new Unsayable("nft has no element that waits for its hardware address");
        return [printMac(element.mac)];
      case "mark":
        return [`0x${(element.mark ?? 0).toString(16)}`];
      case "iface":
        if (element.physdev === true) throw new Unsayable("nft has no expression for a bridge port");
        return [interfaceName(element.iface ?? "", element.wildcard === true)];
      case "name":
        return [];
    }
  });
  const left = timed && extras.until !== 0 ? ` timeout ${secondsLeft(extras, now)}s` : "";
  return words.join(" . ") + left;
}

type Ends = readonly [low: Scalar, high: Scalar];

/** So many elements with two networks are compared with each other. */
const MOST_PAIRED = 2000;

/** nft takes no elements that overlap where it cannot merge them. Throws Unsayable. */
function refuseOverlaps(listed: readonly Listed[], name: string): void {
  const groups = new Map<string, { readonly first: Ends; readonly second: Ends }[]>();
  for (const { element } of listed) {
    const { ip = 0, cidr, ip2 = 0, cidr2, ...rest } = element;
    const key = JSON.stringify(rest);
    const one = { first: addressRange(ip, cidr), second: addressRange(ip2, cidr2) };
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  for (const group of groups.values()) {
    const [some] = group;
    const paired = some !== undefined && group.some(({ second }) => second[0] !== some.second[0] || second[1] !== some.second[1]);
    if (paired ? pairsOverlap(group, name) : neighboursOverlap(group.map(({ first }) => first)))
      throw new Unsayable(`networks in the ipset ${name} overlap, which nft refuses`);
  }
}

function neighboursOverlap(ranges: Ends[]): boolean {
  ranges.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  return ranges.some((range, i) => i > 0 && range[0] <= (ranges[i - 1] as Ends)[1]);
}

function pairsOverlap(group: readonly { readonly first: Ends; readonly second: Ends }[], name: string): boolean {
  if (group.length > MOST_PAIRED) throw new Unsayable(`too many pairs of networks in the ipset ${name} to be sure that none overlap`);
  const overlap = (a: Ends, b: Ends): boolean => a[0] <= b[1] && b[0] <= a[1];
  return group.some((one, i) => group.slice(i + 1).some(other => overlap(one.first, other.first) && overlap(one.second, other.second)));
}
