import { asPrefix, difference, fromPrefix4, fromPrefix6, parsePrefix4, parsePrefix6, union, type IntervalSet } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import type { Ranges } from "../witness.ts";

/** Addresses that have a name. */
export interface NamedRanges {
  readonly name: string;
  readonly ranges: Ranges;
}

/** Every address of a family. */
export const ALL_ADDRESSES: Readonly<Record<Family, Ranges>> = { 4: [[0, 0xffffffff]], 6: [[0n, (1n << 128n) - 1n]] };

/** `name: prefixes`; RFC 6890 and the registries that it began, of which rules speak. */
const KNOWN4 = `
private addresses: 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16
loopback: 127.0.0.0/8
link-local: 169.254.0.0/16
multicast: 224.0.0.0/4
broadcast: 255.255.255.255/32
no address: 0.0.0.0/32
10.0.0.0/8 (private): 10.0.0.0/8
172.16.0.0/12 (private): 172.16.0.0/12
192.168.0.0/16 (private): 192.168.0.0/16
100.64.0.0/10 (carrier NAT): 100.64.0.0/10
0.0.0.0/8 (this network): 0.0.0.0/8
192.0.2.0/24 (documentation): 192.0.2.0/24
198.51.100.0/24 (documentation): 198.51.100.0/24
203.0.113.0/24 (documentation): 203.0.113.0/24
198.18.0.0/15 (benchmarks): 198.18.0.0/15
240.0.0.0/4 (reserved): 240.0.0.0/4
`;
const KNOWN6 = `
loopback: ::1/128
link-local: fe80::/10
multicast: ff00::/8
no address: ::/128
link-local multicast: ff02::/16
private addresses (unique local): fc00::/7
private addresses (fd00::/8): fd00::/8
global unicast: 2000::/3
2001:db8::/32 (documentation): 2001:db8::/32
64:ff9b::/96 (NAT64): 64:ff9b::/96
2002::/16 (6to4): 2002::/16
`;

/** What the internet is not. */
const NOT_INTERNET: Readonly<Record<Family, string>> = {
  4: "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/4 240.0.0.0/4",
  6: "::/128 ::1/128 fc00::/7 fe80::/10 ff00::/8",
};

/** The addresses of a prefix in text; empty where it is none of the family. */
function prefixRanges(text: string, family: Family): IntervalSet<Scalar> {
  if (family === 4) {
    const read = parsePrefix4(text);
    return "prefix" in read ? (fromPrefix4(read.prefix) ?? []) : [];
  }
  const read = parsePrefix6(text);
  return "prefix" in read ? (fromPrefix6(read.prefix) ?? []) : [];
}

const prefixesRanges = (text: string, family: Family): IntervalSet<Scalar> =>
  text.split(" ").reduce<IntervalSet<Scalar>>((set, prefix) => union(set, prefixRanges(prefix, family)), []);

function read(table: string, family: Family): readonly NamedRanges[] {
  const listed = table
    .trim()
    .split("\n")
    .map((line): NamedRanges => {
      const at = line.lastIndexOf(": ");
      return { name: line.slice(0, at), ranges: prefixesRanges(line.slice(at + 2), family) };
    });
  const internet = difference(ALL_ADDRESSES[family] as IntervalSet<Scalar>, prefixesRanges(NOT_INTERNET[family], family));
  return [...listed, { name: "the internet", ranges: internet }];
}

let known4: readonly NamedRanges[] | undefined;
let known6: readonly NamedRanges[] | undefined;

/** Addresses that everybody has a name for, by family; read when a family is first asked for. */
export const KNOWN_NETWORKS: Readonly<Record<Family, readonly NamedRanges[]>> = {
  get 4() {
    return (known4 ??= read(KNOWN4, 4));
  },
  get 6() {
    return (known6 ??= read(KNOWN6, 6));
  },
};

/** The smallest prefix that holds all of the addresses, as ranges; of no addresses none. */
export function enclosingPrefix(ranges: Ranges): Ranges {
  const first = ranges[0];
  const last = ranges.at(-1);
  if (!first || !last) return [];
  const low = BigInt(first[0]);
  const spread = low ^ BigInt(last[1]);
  const rest = (1n << BigInt(spread === 0n ? 0 : spread.toString(2).length)) - 1n;
  const [from, to] = [low & ~rest, low | rest];
  return typeof first[0] === "number" ? [[Number(from), Number(to)]] : [[from, to]];
}

/** Is it one prefix, or one address? */
export const isPrefix = (range: readonly [Scalar, Scalar]): boolean => asPrefix([range] as IntervalSet<Scalar>) !== undefined;
