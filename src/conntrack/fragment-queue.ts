/** What became of a fragment that was put in a queue (net/inet_frag.h, IPFRAG_OK, IPFRAG_DUP and IPFRAG_OVERLAP). */
export type Insertion = "inserted" | "duplicate" | "overlap";

/** Fragments that came one after the other at the end of what was there; others make runs of one. */
interface Run {
  readonly offset: number;
  end: number;
  readonly parts: Uint8Array[];
}

/** How many fragments a source has sent to queues that are still open (struct inet_peer). */
export interface Peer {
  readonly source: string;
  count: number;
  queues: number;
}

/** The fragments of one packet (struct inet_frag_queue). Offsets and lengths are bytes of the fragmented part. */
export interface FragmentQueue {
  readonly key: string;
  /** µs: when it is given up. */
  deadline: number;
  /** In order of their offsets; the last run has the highest. */
  runs: Run[];
  /** Fragments in `runs`. */
  count: number;
  /** Bytes in `runs`. */
  meat: number;
  /** Where the packet ends, as far as is known. */
  length: number;
  firstIn: boolean;
  lastIn: boolean;
  /** Which ECN codepoints came: bit 1 << codepoint. */
  ecn: number;
  /** Length of the largest fragment, its header included as the family counts it. */
  largest: number;
  /** That of the largest that carried DF. */
  largestUnfragmentable: number;
  /** What the queue costs, in bytes. */
  memory: number;
  /** The first fragment up to its data. */
  head: Uint8Array;
  peer: Peer | undefined;
  /** `peer.count` when the last fragment came. */
  peerCount: number;
}

/** Puts the fragment of `[offset, end)` into its place; nothing changes unless it is "inserted" (net/ipv4/inet_fragment.c, inet_frag_queue_insert). */
export function insertFragment(queue: FragmentQueue, data: Uint8Array, offset: number, end: number): Insertion {
  const { runs } = queue;
  const last = runs.at(-1);
  if (last === undefined || last.end < end) {
    if (last !== undefined && offset < last.end) return "overlap";
    if (last !== undefined && offset === last.end) {
      last.parts.push(data);
      last.end = end;
    } else runs.push({ offset, end, parts: [data] });
  } else {
    const at = placeOf(runs, offset);
    const run = runs[at];
    if (run !== undefined && run.offset < end) return run.offset <= offset && end <= run.end ? "duplicate" : "overlap";
    runs.splice(at, 0, { offset, end, parts: [data] });
  }
  queue.count++;
  queue.meat += data.length;
  return "inserted";
}

/** Index of the first run that ends after `offset`. */
function placeOf(runs: readonly Run[], offset: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle] as Run).end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Has all come? */
export function isComplete({ firstIn, lastIn, meat, length }: FragmentQueue): boolean {
  return firstIn && lastIn && meat === length;
}

/** `head` and all fragments in one array. */
export function joinFragments(queue: FragmentQueue, head: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + queue.length);
  bytes.set(head);
  let at = head.length;
  for (const { parts } of queue.runs) {
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
  }
  return bytes;
}

/** ECN bits of the whole packet by those of its fragments; undefined where they contradict each other (ip_frag_ecn_table, RFC 3168, 5.3). */
export function joinEcn(seen: number): number | undefined {
  const [notCapable, congested, capable] = [(seen & 1) !== 0, (seen & 8) !== 0, (seen & 6) !== 0];
  if (notCapable) return seen === 1 ? 0 : undefined;
  return congested && capable ? 3 : 0;
}

/** Lengths of the fragments in order, in bytes. */
export function partLengths({ runs }: FragmentQueue): number[] {
  return runs.flatMap(({ parts }) => parts.map(part => part.length));
}
