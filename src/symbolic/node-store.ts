import { SpentBudget } from "./budget.ts";

/**
 * A diagram: an index into a store. Leaves are negative, inner nodes count from 0. Equal functions have equal numbers.
 */
export type Diagram = number;

/** The leaves of sets. */
export const NO: Diagram = -1;
export const YES: Diagram = -2;

const FIRST_CAPACITY = 1 << 12;
/** Leaves from this one on share a bit of the mask. */
const LAST_BIT = 31;

/**
 * Interval decision diagrams: ordered, reduced, hash-consed, many-terminal. A node asks for the rank of one level; its edges are inclusive upper
 * ranks with the diagrams below them. A set is a diagram whose leaves are NO and YES.
 *
 * Nodes live in typed arrays; at most `budget` of them, then `SpentBudget` is thrown. Each node knows which leaves it can reach (`mask`), so
 * that `replace` does not enter what cannot change.
 */
export class NodeStore {
  /** Inner nodes that exist. */
  size = 0;
  private readonly budget: number;
  protected level: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY);
  protected first: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY + 1);
  protected masks: Int32Array<ArrayBuffer> = new Int32Array(FIRST_CAPACITY);
  protected upper: Int32Array<ArrayBuffer> = new Int32Array(4 * FIRST_CAPACITY);
  protected below: Int32Array<ArrayBuffer> = new Int32Array(4 * FIRST_CAPACITY);
  private edges = 0;
  private table = new Int32Array(2 * FIRST_CAPACITY).fill(-1);
  /** Edges under construction: pairs of upper rank and diagram. */
  private stack = new Int32Array(1 << 12);
  protected top = 0;

  constructor(budget = 30_000_000) {
    this.budget = budget;
  }

  levelOf(node: Diagram): number {
    return node < 0 ? LEAF_LEVEL : (this.level[node] as number);
  }

  edgeCount(node: Diagram): number {
    return (this.first[node + 1] as number) - (this.first[node] as number);
  }

  /** Upper rank of an edge. */
  upperOf(node: Diagram, edge: number): number {
    return this.upper[(this.first[node] as number) + edge] as number;
  }

  belowOf(node: Diagram, edge: number): Diagram {
    return this.below[(this.first[node] as number) + edge] as number;
  }

  /** Which leaves a diagram can reach: bit k for leaf -1-k, bit 31 for all leaves from the thirty-second on. */
  maskOf(node: Diagram): number {
    return node < 0 ? leafBit(node) : (this.masks[node] as number);
  }

  /** The child for a rank. */
  child(node: Diagram, rank: number): Diagram {
    let low = this.first[node] as number;
    let high = (this.first[node + 1] as number) - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.upper[middle] as number) < rank) low = middle + 1;
      else high = middle;
    }
    return this.below[low] as number;
  }

  /** A node from edges in ascending order; the last upper rank is the level's last. */
  node(level: number, edges: readonly (readonly [upper: number, below: Diagram])[]): Diagram {
    const base = this.top;
    for (const [upper, below] of edges) this.push(upper, below);
    return this.finish(level, base);
  }

  /** Between `low` and `high` (ranks, inclusive) `inside`, else `outside`; `last` is the level's last rank. */
  interval(level: number, low: number, high: number, last: number, inside: Diagram, outside: Diagram): Diagram {
    const base = this.top;
    if (low > 0) this.push(low - 1, outside);
    this.push(high, inside);
    if (high < last) this.push(last, outside);
    return this.finish(level, base);
  }

  /** Inside any of the intervals (ascending, not touching) `inside`, else `outside`. */
  intervals(level: number, ranges: readonly (readonly [number, number])[], last: number, inside: Diagram, outside: Diagram): Diagram {
    const base = this.top;
    let next = 0;
    for (const [low, high] of ranges) {
      if (low > next) this.push(low - 1, outside);
      this.push(high, inside);
      next = high + 1;
    }
    if (next <= last) this.push(last, outside);
    return this.finish(level, base);
  }

  protected push(upper: number, below: Diagram): void {
    if (this.top + 2 > this.stack.length) this.stack = grown(this.stack);
    this.stack[this.top] = upper;
    this.stack[this.top + 1] = below;
    this.top += 2;
  }

  /** What lies on the stack from `base` on, taken off. */
  protected popped(base: number): [upper: number, below: Diagram][] {
    const edges: [number, Diagram][] = [];
    for (let at = base; at < this.top; at += 2) edges.push([this.stack[at] as number, this.stack[at + 1] as number]);
    this.top = base;
    return edges;
  }

  /** Makes a node of what lies on the stack from `base` on. */
  protected finish(level: number, base: number): Diagram {
    const { stack } = this;
    let write = base;
    for (let read = base; read < this.top; read += 2) {
      if (write > base && stack[write - 1] === stack[read + 1]) stack[write - 2] = stack[read] as number;
      else {
        stack[write] = stack[read] as number;
        stack[write + 1] = stack[read + 1] as number;
        write += 2;
      }
    }
    this.top = base;
    if (write === base + 2) return stack[base + 1] as number;
    return this.intern(level, base, write);
  }

  private intern(level: number, base: number, end: number): Diagram {
    const { stack } = this;
    let hash = Math.imul(level + 1, 0x9e3779b1);
    for (let i = base; i < end; i++) hash = Math.imul(hash ^ (stack[i] as number), 0x85ebca6b) ^ (hash >>> 15);
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
    const limit = this.table.length - 1;
    const count = (end - base) >> 1;
    let slot = (hash ^ (hash >>> 15)) & limit;
    for (let found = this.table[slot] as number; found >= 0; found = this.table[slot] as number) {
      if (this.level[found] === level && this.same(found, base, count)) return found;
      slot = (slot + 1) & limit;
    }
    return this.add(level, base, count, slot);
  }

  private same(node: number, base: number, count: number): boolean {
    const first = this.first[node] as number;
    if ((this.first[node + 1] as number) - first !== count) return false;
    for (let i = 0; i < count; i++)
      if (this.upper[first + i] !== this.stack[base + 2 * i] || this.below[first + i] !== this.stack[base + 2 * i + 1]) return false;
    return true;
  }

  private add(level: number, base: number, count: number, slot: number): Diagram {
    if (this.size >= this.budget) {
      this.top = 0;
      throw new SpentBudget(this.budget);
    }
    const node = this.size++;
    if (node + 2 > this.level.length) {
      this.level = grown(this.level);
      this.first = grown(this.first);
      this.masks = grown(this.masks);
    }
    while (this.edges + count > this.upper.length) {
      this.upper = grown(this.upper);
      this.below = grown(this.below);
    }
    this.level[node] = level;
    this.first[node] = this.edges;
    let mask = 0;
    for (let i = 0; i < count; i++) {
      const below = this.stack[base + 2 * i + 1] as number;
      this.upper[this.edges] = this.stack[base + 2 * i] as number;
      this.below[this.edges++] = below;
      mask |= below < 0 ? leafBit(below) : (this.masks[below] as number);
    }
    this.first[node + 1] = this.edges;
    this.masks[node] = mask;
    this.table[slot] = node;
    if (2 * this.size > this.table.length) this.rehash();
    return node;
  }

  private rehash(): void {
    const table = new Int32Array(2 * this.table.length).fill(-1);
    const limit = table.length - 1;
    for (let node = 0; node < this.size; node++) {
      let hash = Math.imul((this.level[node] as number) + 1, 0x9e3779b1);
      for (let i = this.first[node] as number; i < (this.first[node + 1] as number); i++) {
        hash = Math.imul(hash ^ (this.upper[i] as number), 0x85ebca6b) ^ (hash >>> 15);
        hash = Math.imul(hash ^ (this.below[i] as number), 0x85ebca6b) ^ (hash >>> 15);
      }
      hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
      let slot = (hash ^ (hash >>> 15)) & limit;
      while ((table[slot] as number) >= 0) slot = (slot + 1) & limit;
      table[slot] = node;
    }
    this.table = table;
  }
}

/** Below every level. */
export const LEAF_LEVEL = 0x7fffffff;

/** The bit of a mask that stands for a leaf. */
export const leafBit = (leaf: Diagram): number => 1 << Math.min(-1 - leaf, LAST_BIT);

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
