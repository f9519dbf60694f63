import { dissect, isFault, setHeaderChecksum, setU16, setU8, u32, u8, type Layout } from "../packet/index.ts";
import type { Defragmented } from "./defragmented.ts";
import { insertFragment, isComplete, joinEcn, joinFragments, partLengths, type FragmentQueue } from "./fragment-queue.ts";
import type { FragmentSpace } from "./fragment-space.ts";

/** Fragments of other packets of the same source that may come between two of one (sysctl ipfrag_max_dist). */
const IPFRAG_MAX_DIST = 64;

/** Largest IPv4 packet, in bytes. */
const IPV4_MAXPLEN = 65535;

/** Takes one IPv4 packet; `user` sets the queues of different gatherers apart (ip_fragment.c, ip_defrag). */
export function gather4(space: FragmentSpace, bytes: Uint8Array, layout: Layout, user: string, now: number): Defragmented {
  if (layout.fragmentOffset === 0 && !layout.moreFragments) return { do: "pass" };
  const source = `${u32(bytes, 12)}`;
  const key = `${source} ${u32(bytes, 16)} ${layout.identification} ${u8(bytes, 9)} ${user}`;
  const queue = space.find(key, now, source);
  if (queue === undefined) return { do: "dropped", reason: "fragments take too much memory" };
  if (isTooFar(queue)) space.restart(queue, now);
  const refused = enqueue(space, queue, bytes, layout);
  if (refused !== undefined) return { do: "dropped", reason: refused };
  return isComplete(queue) ? reassemble(space, queue) : { do: "held" };
}

/** Kernel: ip_fragment.c, ip_frag_too_far. */
function isTooFar(queue: FragmentQueue): boolean {
  const { peer, peerCount, runs } = queue;
  if (peer === undefined) return false;
  peer.count++;
  queue.peerCount = peer.count;
  return runs.length > 0 && peer.count - peerCount > IPFRAG_MAX_DIST;
}

/** Why a fragment was refused; all but a duplicate close the queue (ip_fragment.c, ip_frag_queue). */
function enqueue(space: FragmentSpace, queue: FragmentQueue, bytes: Uint8Array, layout: Layout): string | undefined {
  const { headerLength, totalLength, moreFragments, dontFragment } = layout;
  const offset = layout.fragmentOffset * 8;
  let end = offset + totalLength - headerLength;
  const discard = (reason: string): string => {
    space.kill(queue);
    return reason;
  };
  if (!moreFragments) {
    if (end < queue.length || (queue.lastIn && end !== queue.length)) return discard("a last fragment that ends elsewhere than the packet");
    queue.lastIn = true;
    queue.length = end;
  } else {
    end -= end % 8;
    if (end > queue.length) {
      if (queue.lastIn) return discard("a fragment beyond the end of the packet");
      queue.length = end;
    }
  }
  if (end === offset) return discard("an empty fragment");
  const data = bytes.slice(headerLength, headerLength + end - offset);
  switch (insertFragment(queue, data, offset, end)) {
    case "duplicate":
      return "a fragment that came before";
    case "overlap":
      return discard("overlapping fragments");
    case "inserted":
  }
  space.hold(queue, totalLength);
  queue.ecn |= 1 << (u8(bytes, 1) & 3);
  if (offset === 0) {
    queue.firstIn = true;
    queue.head = bytes.slice(0, headerLength);
  }
  const size = data.length + headerLength;
  queue.largest = Math.max(queue.largest, size);
  if (dontFragment) queue.largestUnfragmentable = Math.max(queue.largestUnfragmentable, size);
  return undefined;
}

/** Kernel: ip_fragment.c, ip_frag_reasm. */
function reassemble(space: FragmentSpace, queue: FragmentQueue): Defragmented {
  space.kill(queue);
  const ecn = joinEcn(queue.ecn);
  if (ecn === undefined) return { do: "dropped", reason: "fragments whose ECN bits contradict each other" };
  if (queue.head.length + queue.length > IPV4_MAXPLEN) return { do: "dropped", reason: "fragments of an oversized packet" };
  const bytes = joinFragments(queue, queue.head);
  const dontFragment = queue.largestUnfragmentable === queue.largest;
  setU16(bytes, 2, bytes.length);
  setU8(bytes, 1, u8(bytes, 1) | ecn);
  setU16(bytes, 6, dontFragment ? 0x4000 : 0);
  setHeaderChecksum(bytes, queue.head.length);
  const layout = dissect(bytes);
  if (isFault(layout)) return { do: "dropped", reason: layout.fault };
  return {
    do: "whole",
    bytes,
    layout,
    maximum: Math.max(queue.largest, queue.largestUnfragmentable),
    dontFragment,
    parts: partLengths(queue),
  };
}
