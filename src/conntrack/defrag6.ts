import {
  dissect,
  ICMP_HEADER,
  IPV6_HEADER,
  isFault,
  PROTOCOL,
  setU16,
  setU8,
  TCP_HEADER,
  u128,
  u16,
  u32,
  u8,
  UDP_HEADER,
  type Layout,
} from "../packet/index.ts";
import type { Defragmented, DefragUser } from "./defragmented.ts";
import { extensionLength, skipExtensions } from "./extension-headers.ts";
import { insertFragment, isComplete, joinEcn, joinFragments, partLengths, type FragmentQueue } from "./fragment-queue.ts";
import type { FragmentSpace } from "./fragment-space.ts";

/** Largest IPv6 payload, in bytes. */
const IPV6_MAXPLEN = 65535;

const FRAGMENT_HEADER = 8;

/** A fragment header, at `at`, and the byte before it that says that it follows. */
interface FragmentPlace {
  readonly at: number;
  readonly nextAt: number;
}

/** What reassembly in the stack itself does otherwise than the tracker's: refusals close the queue, and nothing passes after all. */
interface Manner {
  readonly delivery: boolean;
}

/**
 * Takes one IPv6 packet; `user` sets the queues of different gatherers apart. Where `user.at` is "delivery" it is
 * ipv6/reassembly.c, ipv6_frag_rcv, else nf_conntrack_reasm.c, nf_ct_frag6_gather.
 */
export function gather6(space: FragmentSpace, bytes: Uint8Array, layout: Layout, user: DefragUser, now: number): Defragmented {
  const end = layout.totalLength;
  const delivery = user.at === "delivery";
  const place = findFragmentHeader(bytes, end);
  if (u16(bytes, 4) === 0 || place === undefined) return { do: "pass" };
  const { at } = place;
  const whole = at + FRAGMENT_HEADER <= end && (u16(bytes, at + 2) & 0xfff9) === 0;
  if (delivery && whole) return { do: "pass" };
  if (isHeaderCut(bytes, at, end))
    return delivery ? { do: "dropped", reason: "a first fragment without the whole transport header" } : { do: "pass" };
  if (at + FRAGMENT_HEADER > end) return { do: "dropped", reason: "a fragment header cut short" };
  const queue = space.find(keyOf(bytes, at, user), now);
  if (queue === undefined) return { do: "dropped", reason: "fragments take too much memory" };
  const result = enqueue(space, queue, bytes, end, place, { delivery });
  if (result !== undefined) return result;
  return isComplete(queue) ? reassemble(space, queue) : { do: "held" };
}

/** Fragments may come by several interfaces, but for those to link-local and multicast addresses (fq_find). */
function keyOf(bytes: Uint8Array, at: number, user: DefragUser): string {
  const destination = u8(bytes, 24);
  const scoped = destination === 0xff || (destination === 0xfe && (u8(bytes, 25) & 0xc0) === 0x80);
  const through = scoped ? (user.in ?? "") : "";
  return `${u128(bytes, 8)} ${u128(bytes, 24)} ${u32(bytes, at + 4)} ${user.at} ${user.zone ?? 0} ${through}`;
}

/** Kernel: nf_conntrack_reasm.c, find_prev_fhdr. */
function findFragmentHeader(bytes: Uint8Array, end: number): FragmentPlace | undefined {
  let next = u8(bytes, 6);
  let nextAt = 6;
  let at = IPV6_HEADER;
  while (next !== PROTOCOL.FRAGMENT) {
    if (at + 2 > end) return undefined;
    const length = extensionLength(next, u8(bytes, at + 1));
    if (length === undefined) return undefined;
    next = u8(bytes, at);
    nextAt = at;
    at += length;
  }
  return at <= end ? { at, nextAt } : undefined;
}

/** Does a first fragment lack a part of the headers, which RFC 8200, 4.5, forbids (ipv6/reassembly.c, ipv6frag_thdr_truncated)? */
function isHeaderCut(bytes: Uint8Array, at: number, end: number): boolean {
  const { offset, next, fragment } = skipExtensions(bytes, PROTOCOL.FRAGMENT, at, end);
  if (offset === undefined || (fragment & 0xfff8) !== 0) return false;
  return offset + (LEAST_BYTES[next] ?? 1) > end;
}

const LEAST_BYTES: Readonly<Record<number, number>> = {
  [PROTOCOL.TCP]: TCP_HEADER,
  [PROTOCOL.UDP]: UDP_HEADER,
  [PROTOCOL.ICMPV6]: ICMP_HEADER,
};

/** Undefined for a fragment that was taken in (nf_conntrack_reasm.c, nf_ct_frag6_queue; ipv6/reassembly.c, ip6_frag_queue). */
function enqueue(
  space: FragmentSpace,
  queue: FragmentQueue,
  bytes: Uint8Array,
  stop: number,
  place: FragmentPlace,
  { delivery }: Manner,
): Defragmented | undefined {
  const start = place.at + FRAGMENT_HEADER;
  const word = u16(bytes, place.at + 2);
  const offset = word & 0xfff8;
  const end = offset + stop - start;
  const refuse = (reason: string, kill: boolean): Defragmented => {
    if (kill) space.kill(queue);
    return { do: "dropped", reason };
  };
  if (end > IPV6_MAXPLEN) return refuse("a fragment that ends beyond 65535 bytes", false);
  if ((word & 1) === 0) {
    if (end < queue.length || (queue.lastIn && end !== queue.length))
      return refuse("a last fragment that ends elsewhere than the packet", delivery);
    queue.lastIn = true;
    queue.length = end;
  } else {
    if (end % 8 !== 0) {
      if (delivery) return refuse("a fragment whose length is no multiple of 8", false);
      space.kill(queue);
      return { do: "pass" };
    }
    if (end > queue.length) {
      if (queue.lastIn) return refuse("a fragment beyond the end of the packet", delivery);
      queue.length = end;
    }
  }
  if (end === offset) return refuse("an empty fragment", delivery);
  const data = bytes.slice(start, stop);
  switch (insertFragment(queue, data, offset, end)) {
    case "duplicate":
      return delivery ? refuse("a fragment that came before", false) : { do: "held" };
    case "overlap":
      return refuse("overlapping fragments", true);
    case "inserted":
  }
  space.hold(queue, stop);
  queue.ecn |= 1 << ((u8(bytes, 1) >> 4) & 3);
  queue.largest = Math.max(queue.largest, stop);
  if (offset === 0) {
    queue.firstIn = true;
    queue.head = bytes.slice(0, place.at);
    setU8(queue.head, place.nextAt, u8(bytes, place.at));
  }
  return undefined;
}

/** Kernel: nf_conntrack_reasm.c, nf_ct_frag6_reasm. */
function reassemble(space: FragmentSpace, queue: FragmentQueue): Defragmented {
  space.kill(queue);
  const ecn = joinEcn(queue.ecn);
  if (ecn === undefined) return { do: "dropped", reason: "fragments whose ECN bits contradict each other" };
  const length = queue.head.length - IPV6_HEADER + queue.length;
  if (length > IPV6_MAXPLEN) return { do: "dropped", reason: "fragments of an oversized packet" };
  const bytes = joinFragments(queue, queue.head);
  setU16(bytes, 4, length);
  setU8(bytes, 1, u8(bytes, 1) | (ecn << 4));
  const layout = dissect(bytes, false);
  if (isFault(layout)) return { do: "dropped", reason: layout.fault };
  return { do: "whole", bytes, layout, maximum: queue.largest, dontFragment: false, parts: partLengths(queue) };
}
