import type { FragmentQueue, Peer } from "./fragment-queue.ts";

/** What an empty queue costs, in bytes: struct ipq. */
const QUEUE_SIZE = 200;

/** struct sk_buff. */
const BUFFER_SIZE = 256;

/** Headroom and struct skb_shared_info, which share the memory of the data. */
const BUFFER_OVERHEAD = 386;

/** The least that is set aside for headroom and data, and the most before pages are added. */
const SMALLEST_HEAD = 576;
const LARGEST_HEAD = 4096;

/** What a packet of this many bytes costs, as measured on Linux 6.18 with a TUN device; network cards' drivers differ (skb->truesize). */
function trueSize(length: number): number {
  const needed = length + BUFFER_OVERHEAD;
  if (needed <= SMALLEST_HEAD) return BUFFER_SIZE + SMALLEST_HEAD;
  const pages = Math.max(0, Math.ceil((needed - LARGEST_HEAD) / LARGEST_HEAD));
  return BUFFER_SIZE + Math.min(LARGEST_HEAD, 2 ** Math.ceil(Math.log2(needed))) + pages * LARGEST_HEAD;
}

/**
 * The open queues of one kind of reassembly and the memory that they take (struct fqdir). Above `highThreshold` bytes no
 * fragment is taken in until queues complete or time out; the kernel evicts none (inet_frag_find).
 */
export class FragmentSpace {
  readonly #queues = new Map<string, FragmentQueue>();
  readonly #peers = new Map<string, Peer>();
  readonly #highThreshold: number;
  readonly #lifetime: number;
  #memory = 0;
  #held = 0;

  /** `lifetime` in µs. */
  constructor(highThreshold: number, lifetime: number) {
    this.#highThreshold = highThreshold;
    this.#lifetime = lifetime;
  }

  /** Fragments in all queues. */
  get held(): number {
    return this.#held;
  }

  /** The queue of this key, a new one if there is none; undefined when memory is used up. `source` names the sender where its fragments are counted. */
  find(key: string, now: number, source?: string): FragmentQueue | undefined {
    if (this.#memory > this.#highThreshold) return undefined;
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    const queue: FragmentQueue = { ...emptyQueue(), key, deadline: now + this.#lifetime, peer: this.#peer(source) };
    this.#memory += queue.memory;
    this.#queues.set(key, queue);
    return queue;
  }

  /** Accounts for a fragment that was inserted and came in a packet of `length` bytes. */
  hold(queue: FragmentQueue, length: number): void {
    const cost = trueSize(length);
    queue.memory += cost;
    this.#memory += cost;
    this.#held++;
  }

  /** Closes a queue and forgets its fragments. */
  kill(queue: FragmentQueue): void {
    if (!this.#queues.delete(queue.key)) return;
    this.#memory -= queue.memory;
    this.#held -= queue.count;
    if (queue.peer === undefined || --queue.peer.queues > 0) return;
    this.#peers.delete(queue.peer.source);
  }

  /** Empties a queue, and gives it a full life again (ip_fragment.c, ip_frag_reinit). */
  restart(queue: FragmentQueue, now: number): void {
    this.#memory -= queue.memory - QUEUE_SIZE;
    this.#held -= queue.count;
    const { largest, largestUnfragmentable, peerCount } = queue;
    // The kernel forgets all but these.
    Object.assign(queue, emptyQueue(), { largest, largestUnfragmentable, peerCount, deadline: now + this.#lifetime });
    // Queues stand in the order of their deadlines.
    this.#queues.delete(queue.key);
    this.#queues.set(queue.key, queue);
  }

  /** Closes the queues that waited too long. */
  expire(now: number): void {
    for (const queue of this.#queues.values()) {
      if (queue.deadline > now) return;
      this.kill(queue);
    }
  }

  #peer(source: string | undefined): Peer | undefined {
    if (source === undefined) return undefined;
    let peer = this.#peers.get(source);
    if (peer === undefined) this.#peers.set(source, (peer = { source, count: 0, queues: 0 }));
    peer.queues++;
    return peer;
  }
}

/** A queue into which nothing has come. */
function emptyQueue(): Omit<FragmentQueue, "key" | "deadline" | "peer"> {
  return {
    runs: [],
    count: 0,
    meat: 0,
    length: 0,
    firstIn: false,
    lastIn: false,
    ecn: 0,
    largest: 0,
    largestUnfragmentable: 0,
    memory: QUEUE_SIZE,
    head: new Uint8Array(),
    peerCount: 0,
  };
}
