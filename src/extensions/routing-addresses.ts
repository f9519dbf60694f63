import { u128, u32, u8 } from "../packet/index.ts";
import type { Facts } from "../predicate/index.ts";
import type { Parsed } from "../xtables/index.ts";
import { lengthHolds, type LengthTest } from "./header-length.ts";
import type { SpiTest } from "./spi-range.ts";

/** What the rt match asks. Kernel: struct ip6t_rt. */
export interface RoutingTest {
  readonly type: Parsed<number> | undefined;
  readonly segmentsLeft: SpiTest;
  readonly length: LengthTest | undefined;
  readonly reserved: boolean;
  readonly addresses: readonly bigint[] | undefined;
  /** The addresses may stand anywhere in the header, in order, instead of being all of it. */
  readonly notStrict: boolean;
}

/** Bytes before the addresses. */
const HEADER = 8;
const ADDRESS = 16;

/** Does the routing header at `at` hold what is asked? All of it is there. Kernel: ip6t_rt.c, rt_mt6. */
export function routingHolds(test: RoutingTest, { bytes }: Facts, at: number): boolean {
  const length = (u8(bytes, at + 1) + 1) * 8;
  const left = u8(bytes, at + 3);
  const [low, high] = test.segmentsLeft.range;
  if ((low <= left && left <= high) === test.segmentsLeft.invert || !lengthHolds(test.length, length)) return false;
  if (test.type && (test.type.value === u8(bytes, at + 2)) === test.type.invert) return false;
  if (test.reserved && u32(bytes, at + 4) !== 0) return false;
  return !test.addresses || addressesHold(test.addresses, test.notStrict, bytes, at, Math.floor((length - HEADER) / ADDRESS));
}

function addressesHold(wanted: readonly bigint[], notStrict: boolean, bytes: Uint8Array, at: number, count: number): boolean {
  if (notStrict ? wanted.length > count : wanted.length !== count) return false;
  let found = 0;
  for (let i = 0; i < count && found < wanted.length; i++) {
    if (u128(bytes, at + HEADER + i * ADDRESS) === wanted[found]) found++;
    else if (!notStrict) return false;
  }
  return found === wanted.length;
}
