import type { FragmentQueue, Peer } from "./fragment-queue.ts";

/** What a fragment costs beside its bytes: struct sk_buff, the shared info and the headroom. */
const FRAGMENT_OVERHEAD = 768;

/** What an empty queue costs: struct ipq or struct frag_queue. */
const QUEUE_OVERHEAD = 256;

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

  /** Accounts for a fragment of `length` bytes that was inserted. */
  hold(queue: FragmentQueue, length: number): void {
    queue.memory += length + FRAGMENT_OVERHEAD;
    this.#memory += length + FRAGMENT_OVERHEAD;
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
    this.#memory -= queue.memory - QUEUE_OVERHEAD;
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
    memory: QUEUE_OVERHEAD,
    head: new Uint8Array(),
    peerCount: 0,
  };
}
