import { KNOWN_NETWORKS, portName } from "../../analysis/names/index.ts";
import {
  fromPrefix4,
  fromPrefix6,
  isSubset,
  parsePrefix4,
  parsePrefix6,
  printAddress,
  protocolName,
  type IntervalSet,
} from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";

/** A value of a rule that help is asked about. */
export interface AskedValue {
  readonly sort: "ports" | "addresses";
  /** `80,443,1000:2000`, `10.0.0.0/8` */
  readonly text: string;
  readonly family: Family;
  /** Of the rule's -p, by name or number; ports alone ask for it. */
  readonly protocol: string;
}

const MOST_SAID = 8;

/** What ports or addresses of a rule are, a line for each: service names, how many addresses, and what kind they are of. Nothing for what has no name. */
export function describeValue({ sort, text, family, protocol }: AskedValue): readonly string[] {
  const parts = text.split(",", MOST_SAID + 1).slice(0, MOST_SAID);
  return sort === "ports" ? parts.flatMap(part => portLine(part, protocol)) : parts.flatMap(part => addressLine(part, family));
}

function portLine(text: string, protocol: string): string[] {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) return [];
  const over = /^\d+$/.test(protocol) ? (protocolName(Number(protocol)) ?? protocol) : protocol;
  const name = portName(port, over);
  return name === undefined ? [] : [`${port}/${over} is ${name}`];
}

function addressLine(text: string, family: Family): string[] {
  const ranges = rangesOf(text, family);
  const [first] = ranges;
  if (first === undefined) return [];
  const [low, high] = first;
  const count = ranges.reduce((sum, [from, to]) => sum + (BigInt(to) - BigInt(from) + 1n), 0n);
  const kinds = KNOWN_NETWORKS[family].filter(known => isSubset(ranges, known.ranges as IntervalSet<Scalar>)).map(({ name }) => name);
  const extent =
    count === 1n
      ? [printAddress(low)]
      : [`${countText(count)} addresses${ranges.length === 1 ? `, ${printAddress(low)} to ${printAddress(high)}` : ""}`];
  return [`${text}: ${[...extent, ...kinds.slice(0, 2)].join("; ")}`];
}

function rangesOf(text: string, family: Family): IntervalSet<Scalar> {
  if (family === 4) {
    const read = parsePrefix4(text);
    return "prefix" in read ? ((fromPrefix4(read.prefix) ?? []) as IntervalSet<Scalar>) : [];
  }
  const read = parsePrefix6(text);
  return "prefix" in read ? ((fromPrefix6(read.prefix) ?? []) as IntervalSet<Scalar>) : [];
}

const countText = (count: bigint): string =>
  count < 1_000_000n
    ? count.toLocaleString("en-GB")
    : `2^${count.toString(2).length - 1}${(count & (count - 1n)) === 0n ? "" : " and more"}`;
