import { printAddress, PROTOCOL } from "../packet/index.ts";
import { EXPECT_FLAG, type Expectation } from "./expectation.ts";
import type { Address } from "./tuple.ts";

/** One line as `conntrack -L expect` prints it; `timeouts` false leaves out the seconds until it expires (libnetfilter_conntrack, nfexp_snprintf). */
export function printExpectation(expectation: Expectation, now: number, options: { readonly timeouts?: boolean } = {}): string {
  const { tuple, mask, master, flags, deadline } = expectation;
  const [original] = master.tuples;
  const bits: Address = tuple.family === 4 ? 0xffffffff : (1n << 128n) - 1n;
  const words = options.timeouts === false ? [] : [`${Math.max(0, Math.floor((deadline - now) / 1e6))}`];
  words.push(
    `proto=${tuple.protocol}`,
    `src=${printAddress(tuple.source)} dst=${printAddress(tuple.destination)}`,
    ports(tuple.protocol, tuple.sourcePort, tuple.destinationPort),
    `mask-src=${printAddress(mask.source)} mask-dst=${printAddress(bits)}`,
    ports(tuple.protocol, mask.sourcePort, 0xffff),
    `master-src=${printAddress(original.source)} master-dst=${printAddress(original.destination)}`,
    ports(original.protocol, original.sourcePort, original.destinationPort),
  );
  const names = Object.entries(EXPECT_FLAG).flatMap(([name, bit]) => (flags & bit ? [name] : []));
  if (names.length > 0) words.push(names.join(","));
  words.push(`class=${expectation.class}`);
  if (master.helper !== undefined) words.push(`helper=${master.helper}`);
  return words.join(" ");
}

function ports(protocol: number, source: number, destination: number): string {
  if (protocol === PROTOCOL.GRE) return `srckey=0x${source.toString(16)} dstkey=0x${destination.toString(16)}`;
  return `sport=${source} dport=${destination}`;
}
