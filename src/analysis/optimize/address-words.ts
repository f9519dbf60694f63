import { intervals, IPV4_MAX, IPV6_MAX, maskLength, printAddress, type Interval, type IntervalSet } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import { headerWords, type AddressTest, type Rule } from "../../ruleset/index.ts";

/** A rule that tests one end's address by its header, taken apart. */
export interface AddressWords {
  readonly end: "source" | "destination";
  readonly range: Interval<Scalar>;
  /** Everything else of the rule; rules with the same key differ in this address only. */
  readonly key: string;
  /** The rule with a range in place of its address. */
  text(range: Interval<Scalar>): string;
  /** The rule with a look into an ipset in place of its address. */
  inSet(name: string): string;
}

/** The address that a rule tests at one end, where it could be merged with that of another rule. */
export function addressWords(rule: Rule, end: "source" | "destination", family: Family): AddressWords | undefined {
  const { header, matches, target } = rule;
  const test = header[end];
  if (!test || test.invert || test.name !== undefined || maskLength(test.mask) === undefined) return undefined;
  const { [end]: _, ...others } = header;
  const [words, behind] = [headerWords(others), [...matches.map(({ save }) => save), ...(target ? [target.save] : [])]];
  return {
    end,
    range: rangeOf(test),
    key: [end, ...words, ...behind].join(" "),
    text(range) {
      const length = prefixLength(range, family);
      if (length === undefined) {
        const said = `-m iprange --${end === "source" ? "src" : "dst"}-range ${printAddress(range[0])}-${printAddress(range[1])}`;
        return [...words, said, ...behind].join(" ");
      }
      // Printed in the order of iptables-save: the source first.
      return [`-${end === "source" ? "s" : "d"} ${printAddress(range[0])}/${length}`, ...words, ...behind].join(" ");
    },
    inSet: name => [...words, `-m set --match-set ${name} ${end === "source" ? "src" : "dst"}`, ...behind].join(" "),
  };
}

/** All addresses of a test without holes. */
export function rangeOf({ address, mask }: AddressTest): Interval<Scalar> {
  return typeof address === "number" ? [address, address + (IPV4_MAX - Number(mask))] : [address, address + (IPV6_MAX - BigInt(mask))];
}

/** The length of the prefix that is exactly this range. */
export function prefixLength([low, high]: Interval<Scalar>, family: Family): number | undefined {
  const size = BigInt(high) - BigInt(low) + 1n;
  if ((size & (size - 1n)) !== 0n || BigInt(low) % size !== 0n) return undefined;
  return (family === 4 ? 32 : 128) - (size.toString(2).length - 1);
}

/** Ranges joined where they touch. */
export function joinedRanges<T extends Scalar>(ranges: readonly Interval<T>[]): IntervalSet<T> {
  return intervals(...ranges);
}
