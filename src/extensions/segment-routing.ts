import { u128, u8 } from "../packet/index.ts";
import type { Facts } from "../predicate/index.ts";

/** A comparison of one byte of the header; the three of a kind share one number. */
export interface ByteTest {
  readonly part: "hdr-len" | "segs-left" | "last-entry";
  readonly relation: "eq" | "gt" | "lt";
  readonly invert: boolean;
}

/** A segment identifier under a mask. */
export interface SegmentTest {
  readonly address: bigint;
  readonly mask: bigint;
  readonly invert: boolean;
}

interface NumberTest {
  readonly value: number;
  readonly invert: boolean;
}

/** What the srh match asks. Kernel: struct ip6t_srh1. */
export interface SegmentRoutingTest {
  readonly nextHeader: NumberTest | undefined;
  readonly bytes: readonly ByteTest[];
  /** The number of each part: of `eq`, `gt` and `lt` the one said last holds for all three. */
  readonly numbers: Readonly<Record<ByteTest["part"], number>>;
  readonly tag: NumberTest | undefined;
  readonly previous: SegmentTest | undefined;
  readonly next: SegmentTest | undefined;
  readonly last: SegmentTest | undefined;
}

/** The routing header's type. Kernel: IPV6_SRCRT_TYPE_4. */
const TYPE = 4;
/** Bytes before the segments. Kernel: struct ipv6_sr_hdr. */
const HEADER = 8;
const SEGMENT = 16;
const PLACES: Readonly<Record<ByteTest["part"], number>> = { "hdr-len": 1, "segs-left": 3, "last-entry": 4 };

function relates(relation: ByteTest["relation"], found: number, wanted: number): boolean {
  switch (relation) {
    case "eq":
      return found === wanted;
    case "gt":
      return found > wanted;
    case "lt":
      return found < wanted;
  }
}

/** The tag's two bytes in the order of the machine, which the kernel forgets to turn round: on nearly all of them low byte first. */
const tagOf = (bytes: Uint8Array, at: number): number => u8(bytes, at + 6) | (u8(bytes, at + 7) << 8);

/**
 * Does the segment routing header at `at` hold what is asked? Another type of routing header, one that is cut, and one with more segments left
 * than it has do not, inverted or not. Kernel: ip6t_srh.c, srh1_mt6.
 */
export function segmentRoutingHolds(test: SegmentRoutingTest, { bytes, end }: Facts, at: number): boolean {
  const left = u8(bytes, at + 3);
  const lastEntry = u8(bytes, at + 4);
  if (end - at < (u8(bytes, at + 1) + 1) * 8 || u8(bytes, at + 2) !== TYPE || left > lastEntry) return false;
  const { nextHeader, tag, numbers } = test;
  if (nextHeader && (u8(bytes, at) === nextHeader.value) === nextHeader.invert) return false;
  for (const { part, relation, invert } of test.bytes)
    if (relates(relation, u8(bytes, at + PLACES[part]), numbers[part]) === invert) return false;
  if (tag && (tagOf(bytes, at) === tag.value) === tag.invert) return false;
  const segment = (wanted: SegmentTest, index: number): boolean => {
    const place = at + HEADER + index * SEGMENT;
    return place + SEGMENT <= end && (((u128(bytes, place) ^ wanted.address) & wanted.mask) === 0n) !== wanted.invert;
  };
  if (test.previous && (left === lastEntry || !segment(test.previous, left + 1))) return false;
  if (test.next && (left === 0 || !segment(test.next, left - 1))) return false;
  return !test.last || segment(test.last, 0);
}
