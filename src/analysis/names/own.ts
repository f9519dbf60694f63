import { intervals, mask4, mask6, maskLength, type Interval } from "../../packet/index.ts";
import type { Host } from "../../host/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import type { AddressTest, IpSet, Rule, Ruleset, Sets } from "../../ruleset/index.ts";
import type { Ranges } from "../witness.ts";
import type { NamedRanges } from "./known-networks.ts";
import { addressRange, clipped } from "./range-text.ts";

/** What gives addresses their names; whatever is not known is left out. */
export interface Surroundings {
  readonly family: Family;
  readonly host: Host | undefined;
  readonly sets: Sets | undefined;
  readonly ruleset: Ruleset | undefined;
}

/** Entries of a set beyond which it gets no name. */
const SET_ENTRIES_MAX = 100_000;
/** Letters of a comment that a name shows. */
const COMMENT_SHOWN = 30;

/** Names from the machine, its ipsets and the comments of rules, in this order. */
export function ownNames({ family, host, sets, ruleset }: Surroundings): readonly NamedRanges[] {
  return [...hostNames(host, family), ...setNames(sets, family), ...(ruleset ? commentNames(ruleset) : [])];
}

/** `self`, and each interface's network; of two interfaces on one network the first names it. */
function hostNames(host: Host | undefined, family: Family): NamedRanges[] {
  if (!host) return [];
  const self: Interval<Scalar>[] = [];
  const networks: NamedRanges[] = [];
  for (const { name, link, addresses } of host.interfaces)
    for (const own of addresses) {
      if (own.family !== family || link === "loopback") continue;
      self.push([own.address, own.address]);
      if (own.prefixLength < (family === 4 ? 32 : 128))
        networks.push({ name: `${name}'s network`, ranges: [network(own.address, own.prefixLength)] });
    }
  if (self.length === 0) return networks;
  const loopback: Interval<Scalar> = family === 4 ? [0x7f000000, 0x7fffffff] : [1n, 1n];
  return [
    { name: "self", ranges: intervals<Scalar>(...self) },
    { name: "self and loopback", ranges: intervals<Scalar>(...self, loopback) },
    ...networks,
  ];
}

/** The addresses of a network, given with any address in it. */
export function network(address: Scalar, length: number): Interval<Scalar> {
  if (typeof address === "number") {
    const mask = mask4(length);
    return [(address & mask) >>> 0, (address | ~mask) >>> 0];
  }
  const mask = mask6(length);
  return [address & mask, (address & mask) | (mask6(128) ^ mask)];
}

function setNames(sets: Sets | undefined, family: Family): NamedRanges[] {
  if (!sets) return [];
  return [...sets.list()].flatMap(({ name, set }) => {
    const ranges = setAddresses(set, family);
    return ranges && ranges.length > 0 ? [{ name: `the set ${name}`, ranges }] : [];
  });
}

/** The addresses of a set that is about addresses alone; undefined for any other, and for one that is too large. */
function setAddresses(set: IpSet, family: Family): Ranges | undefined {
  const [part, ...others] = set.type.parts;
  if (others.length > 0 || (part !== "ip" && part !== "net") || set.family !== family) return undefined;
  const ranges: Interval<Scalar>[] = [];
  for (const { element, nomatch } of set.entries(0)) {
    if (element.ip === undefined || nomatch || ranges.length >= SET_ENTRIES_MAX) return undefined;
    ranges.push(network(element.ip, element.cidr ?? (family === 4 ? 32 : 128)));
  }
  return intervals(...ranges);
}

/** `203.0.113.5 "the office"`: addresses with the comment of the one rule that speaks of them and of nothing else. */
function commentNames(ruleset: Ruleset): NamedRanges[] {
  const said = new Map<string, NamedRanges | undefined>();
  for (const rule of rulesOf(ruleset)) {
    const remark = rule.matches.find(match => match.lowered.remark !== undefined)?.lowered.remark;
    const range = remark === undefined ? undefined : soleAddress(rule);
    if (remark === undefined || range === undefined) continue;
    const key = addressRange(range);
    const name = `${key} "${clipped(remark, COMMENT_SHOWN)}"`;
    const before = said.get(key);
    // Two rules that say different things name nothing.
    said.set(key, said.has(key) && before?.name !== name ? undefined : { name, ranges: [range] });
  }
  return [...said.values()].filter(named => named !== undefined);
}

/** The network of a rule that has either a source or a destination. */
function soleAddress({ header }: Rule): Interval<Scalar> | undefined {
  const given = [header.source, header.destination].filter(test => test !== undefined);
  const [test] = given;
  return given.length === 1 && test ? tested(test) : undefined;
}

function tested({ address, mask, invert, name }: AddressTest): Interval<Scalar> | undefined {
  const length = maskLength(mask);
  return invert || name !== undefined || length === undefined || length === 0 ? undefined : network(address, length);
}

function* rulesOf({ tables }: Ruleset): Generator<Rule> {
  for (const { chains } of tables.values()) for (const { rules } of chains.values()) yield* rules;
}
