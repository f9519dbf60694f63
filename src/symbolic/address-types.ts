import { IPV4_MAX, IPV6_MAX } from "../packet/index.ts";
import type { Family, Range, Scalar } from "../predicate/index.ts";
import { Router, type Host } from "../host/index.ts";

/** Addresses of one kind (RTN_*); undefined where nobody knows. */
export interface TypedRange {
  readonly range: Range;
  readonly type: number | undefined;
}

/**
 * The kind of every address on a host, in ranges: those between the ends of its networks, routes and own addresses. With a device it is asked of
 * that interface alone.
 */
export function addressTypes(host: Host, family: Family, device = ""): readonly TypedRange[] {
  const router = new Router(host);
  const last: Scalar = family === 4 ? IPV4_MAX : IPV6_MAX;
  const starts = [...new Set<Scalar>(cutsOf(host, family))].filter(cut => cut <= last).toSorted((a, b) => (a < b ? -1 : 1));
  const result: { range: [Scalar, Scalar]; type: number }[] = [];
  for (const [index, low] of starts.entries()) {
    const next = starts[index + 1];
    const high = next === undefined ? last : before(next);
    const type = router.addressType(family, low, device);
    const previous = result.at(-1);
    if (previous?.type === type) previous.range[1] = high;
    else result.push({ range: [low, high], type });
  }
  return result;
}

const before = (value: Scalar): Scalar => (typeof value === "bigint" ? value - 1n : value - 1);

/** First addresses of every range that routing can tell apart. */
export function* cutsOf(host: Host, family: Family): Generator<Scalar> {
  yield* family === 4 ? CUTS_4 : CUTS_6;
  const width = family === 4 ? 32 : 128;
  for (const { addresses } of host.interfaces)
    for (const own of addresses) {
      if (own.family !== family) continue;
      yield* ends(own.address, width, family);
      yield* ends(own.address, own.prefixLength, family);
      // The first and the last address of a network are broadcasts.
      const [low, high] = network(own.address, own.prefixLength, family);
      yield* ends(low, width, family);
      yield* ends(high, width, family);
      if (own.broadcast !== undefined) yield* ends(own.broadcast, width, family);
      if (own.peer !== undefined) yield* ends(own.peer, own.prefixLength, family);
    }
  for (const route of host.routes) if (route.family === family) yield* ends(route.destination, route.prefixLength, family);
  for (const rule of host.rules) {
    if (rule.family !== family) continue;
    for (const end of [rule.from, rule.to]) if (end) yield* ends(end.address, end.prefixLength, family);
  }
}

function* ends(address: Scalar, length: number, family: Family): Generator<Scalar> {
  const [low, high] = network(address, length, family);
  yield low;
  yield typeof high === "bigint" ? high + 1n : high + 1;
}

/** First and last address of a network. */
export function network(address: Scalar, length: number, family: Family): Range {
  if (family === 4) {
    const size = 2 ** (32 - length);
    const low = Math.floor(Number(address) / size) * size;
    return [low, low + size - 1];
  }
  const size = 1n << BigInt(128 - length);
  const low = (BigInt(address) / size) * size;
  return [low, low + size - 1n];
}

const CUTS_4 = [0, 0x01000000, 0x7f000000, 0x80000000, 0xe0000000, 0xf0000000, 0xffffffff];
const CUTS_6 = [0n, 1n, 2n, 0xfe80n << 112n, 0xfec0n << 112n, 0xffn << 120n];
