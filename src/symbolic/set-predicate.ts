import {
  all,
  among,
  any,
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
  type SetTest,
} from "../predicate/index.ts";
import { network } from "./address-types.ts";
import type { IpSet, Sets } from "../ruleset/index.ts";

type Listed = ReturnType<IpSet["entries"]> extends Iterable<infer Entry> ? Entry : never;

/** Members of lists inside lists; the kernel allows one level. */
const DEEPEST = 2;

/**
 * A look into a set whose contents are known, as a test of fields: the entries that it has at `now` (µs). Undefined where that cannot say it:
 * counters of entries, sets that do not exist.
 */
export function setPredicate(test: SetTest, sets: Sets, family: Family, now: number, depth = 0): Predicate | undefined {
  const set = sets.get(test.set);
  if (set === undefined || depth > DEEPEST) return undefined;
  if (test.packets !== undefined || test.bytes !== undefined) return undefined;
  if (test.dimensions.length < set.type.parts.length && set.type.method !== "list") return never;
  if (set.family !== undefined && set.family !== family) return never;
  const entries = [...set.entries(now)];
  if (set.type.method === "list") {
    const members = entries.map(({ name = "" }) => setPredicate({ ...test, set: name }, sets, family, now, depth + 1));
    return members.includes(undefined) ? undefined : any(...(members as Predicate[]));
  }
  const made = set.made;
  if (made.method !== "list" && ("netmask" in made.options || "bitmask" in made.options)) {
    const { netmask, bitmask } = made.options as { readonly netmask?: number; readonly bitmask?: Scalar };
    if ((netmask !== undefined && netmask !== (family === 4 ? 32 : 128)) || bitmask !== undefined) return undefined;
  }
  const single = oneDimension(set, test, entries, family);
  if (single !== undefined) return single;
  return any(...entries.filter(({ nomatch }) => nomatch === test.returnNomatch).map(entry => entryPredicate(set, test, entry, family)));
}

/** Sets of addresses, networks or ports alone: many entries make one test, exceptions included. */
function oneDimension(set: IpSet, test: SetTest, entries: readonly Listed[], family: Family): Predicate | undefined {
  const { parts } = set.type;
  if (parts.length !== 1 || (parts[0] !== "ip" && parts[0] !== "net")) return undefined;
  const field: Field = test.dimensions[0] === "src" ? "saddr" : "daddr";
  // A longer prefix goes first: an exception counts for its own addresses, and a longer entry inside it counts again.
  const byLength = entries.toSorted((a, b) => (a.element.cidr ?? 128) - (b.element.cidr ?? 128));
  if (!entries.some(({ nomatch }) => nomatch)) {
    if (test.returnNomatch) return never;
    return among(field, ...byLength.map(({ element }) => networkOf(element, family)));
  }
  let holds: Predicate = never;
  for (const { element, nomatch } of byLength) {
    const inside = among(field, networkOf(element, family));
    holds = nomatch === test.returnNomatch ? any(inside, holds) : all(not(inside), holds);
  }
  return holds;
}

function networkOf({ ip, cidr }: Listed["element"], family: Family): Range {
  const length = cidr ?? (family === 4 ? 32 : 128);
  return network(ip as Scalar, length, family);
}

function entryPredicate({ type: { parts } }: IpSet, test: SetTest, { element }: Listed, family: Family): Predicate {
  let addresses = 0;
  const tests = parts.map((part, index): Predicate => {
    const source = test.dimensions[index] === "src";
    switch (part) {
      case "ip":
      case "net": {
        const second = addresses++ > 0;
        const ip = (second ? element.ip2 : element.ip) as Scalar;
        const length = (second ? element.cidr2 : element.cidr) ?? (family === 4 ? 32 : 128);
        return among(source ? "saddr" : "daddr", network(ip, length, family));
      }
      case "port":
        return portTest(element.protocol, element.port ?? 0, source);
      case "mac":
        return equal("mac", element.mac ?? 0);
      case "mark":
        return bits("mark", 0xffffffff, element.mark ?? 0);
      case "iface": {
        const field: Field = element.physdev ? (source ? "physin" : "physout") : source ? "iif" : "oif";
        return element.wildcard ? namedLike(field, element.iface ?? "") : named(field, element.iface ?? "");
      }
      case "name":
        return never;
    }
  });
  return all(...tests);
}

/** Ports of ICMP are type times 256 plus code. A bitmap of ports asks TCP and UDP alike. */
function portTest(protocol: number | undefined, port: number, source: boolean): Predicate {
  const field: Field = source ? "sport" : "dport";
  if (protocol === undefined) return all(any(equal("protocol", 6), equal("protocol", 17)), equal(field, port));
  if (protocol === 1 || protocol === 58)
    return all(equal("protocol", protocol), equal("icmptype", port >> 8), equal("icmpcode", port & 0xff));
  if (PORTED.has(protocol)) return all(equal("protocol", protocol), equal(field, port));
  return equal("protocol", protocol);
}

const PORTED: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
