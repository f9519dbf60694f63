/** What `get` gives for an unknown entry; no diagram has this number. */
export const NOTHING = 0x7fffffff;

const SMALLEST = 1 << 8;
const LARGEST = 1 << 22;
/** Nodes for each place, at most: what is asked again is asked soon, and a cache that memory is near to is worth more than one that forgets less. */
const PLACE_FOR = 4;

/** A lossy cache of operations on two diagrams: one place for each hash, grown with the store. */
export class PairCache {
  private entries: Int32Array<ArrayBuffer> = new Int32Array(0);
  private limit = 0;

  constructor() {
    this.resize(SMALLEST);
  }

  /** Grows with the nodes that there are. What it knew is forgotten then. */
  fit(nodes: number): void {
    if (nodes > PLACE_FOR * this.limit && this.limit + 1 < LARGEST) this.resize(4 * (this.limit + 1));
  }

  private resize(places: number): void {
    this.limit = places - 1;
    this.entries = new Int32Array(4 * places);
  }

  get(operation: number, f: number, g: number): number {
    const { entries } = this;
    const at = this.place(operation, f, g);
    // An empty place has operation 0, which is none: operations are leaves.
    return entries[at] === operation && entries[at + 1] === f && entries[at + 2] === g ? (entries[at + 3] as number) : NOTHING;
  }

  put(operation: number, f: number, g: number, result: number): void {
    const { entries } = this;
    const at = this.place(operation, f, g);
    entries[at] = operation;
    entries[at + 1] = f;
    entries[at + 2] = g;
    entries[at + 3] = result;
  }

  private place(operation: number, f: number, g: number): number {
    let hash = Math.imul(f, 0x9e3779b1) ^ Math.imul(g, 0x85ebca6b) ^ Math.imul(operation, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return 4 * ((hash ^ (hash >>> 13)) & this.limit);
  }
}
