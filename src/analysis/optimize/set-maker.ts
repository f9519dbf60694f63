import { printAddress, type Interval, type IntervalSet } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";

/** Fewer ranges than this stay rules. */
const LEAST_IN_SET = 3;

/** An ipset that replaces rules. */
export interface MadeSet {
  readonly name: string;
  readonly family: Family;
  /** Prefixes, sorted. */
  readonly entries: readonly string[];
}

/** Makes ipsets with names that nobody has, and remembers them. */
export class SetMaker {
  private readonly family: Family;
  private readonly taken: Set<string>;
  private readonly sets: MadeSet[] = [];

  constructor(family: Family, taken: Iterable<string>) {
    this.family = family;
    this.taken = new Set(taken);
  }

  /** The name of a set of these addresses; undefined where a set is not worth while. */
  setOf(ranges: IntervalSet<Scalar>, chain: string): string | undefined {
    if (ranges.length < LEAST_IN_SET) return undefined;
    const entries = ranges.flatMap(range => prefixesOf(range, this.family));
    let number = 1;
    let name = "";
    // Kernel: ip_set.h, IPSET_MAXNAMELEN less the byte that ends it.
    do name = `${chain.slice(0, 24)}-${number++}`;
    while (this.taken.has(name));
    this.taken.add(name);
    this.sets.push({ name, family: this.family, entries });
    return name;
  }

  get made(): readonly MadeSet[] {
    return this.sets;
  }
}

/** The sets as `ipset restore` reads them. */
export function printMadeSets(sets: readonly MadeSet[]): string {
  const lines = sets.flatMap(({ name, family, entries }) => [
    `create ${name} hash:net family ${family === 4 ? "inet" : "inet6"} hashsize 1024 maxelem ${Math.max(65_536, entries.length)}`,
    ...entries.map(entry => `add ${name} ${entry}`),
  ]);
  return lines.map(line => `${line}\n`).join("");
}

/** The fewest prefixes that are exactly this range, without the one for all addresses, which no set takes. */
function prefixesOf([low, high]: Interval<Scalar>, family: Family): string[] {
  const bits = family === 4 ? 32 : 128;
  const prefixes: string[] = [];
  for (let from = BigInt(low); from <= BigInt(high);) {
    let length = bits;
    const end = (at: number): bigint => from + (1n << BigInt(bits - at)) - 1n;
    while (length > 1 && from % (1n << BigInt(bits - length + 1)) === 0n && end(length - 1) <= BigInt(high)) length--;
    prefixes.push(`${printAddress(family === 4 ? Number(from) : from)}/${length}`);
    from = end(length) + 1n;
  }
  return prefixes;
}
