import { SpentBudget } from "./budget.ts";

/**
 * A diagram: an index into a store. Leaves are negative, inner nodes count from 0. Equal functions have equal numbers.
 */
export type Diagram = number;

/** The leaves of sets. */
export const NO: Diagram = -1;
export const YES: Diagram = -2;

const FIRST_NODES = 1 << 5;
/** Leaves and levels from this one on share a bit of a mask. */
const LAST_BIT = 31;

/** What stands in a node's cells before its edges. */
export const LEVEL = 0;
export const LEAVES = 1;
export const ASKED = 2;
export const HEAD = 3;

/**
 * Interval decision diagrams: ordered, reduced, hash-consed, many-terminal. A node asks for the rank of one level; its edges are inclusive upper
 * ranks with the diagrams below them. A set is a diagram whose leaves are NO and YES.
 *
 * A node is a run of cells: its level, a mask of the leaves that it reaches, a mask of the levels that it and what lies below ask for, then its
 * edges as pairs of upper rank and diagram. One run keeps what is read together in one place of memory; the masks keep operations out of what they
 * cannot change. There are at most `budget` nodes, then `SpentBudget` is thrown.
 */
export class NodeStore {
  /** Inner nodes that exist. */
  size = 0;
  private readonly budget: number;
  /** Where each node's cells begin; one entry more says where the last ones end. */
  protected starts: Int32Array<ArrayBuffer> = new Int32Array(FIRST_NODES);
  protected cells: Int32Array<ArrayBuffer> = new Int32Array(8 * FIRST_NODES);
  /** Open addressing: pairs of a node's number plus 1, 0 for none, and its hash. */
  private table = new Int32Array(4 * FIRST_NODES);
  /** Edges under construction, as in cells. */
  protected stack: Int32Array<ArrayBuffer> = new Int32Array(1 << 10);
  protected top = 0;

  constructor(budget = 30_000_000) {
    this.budget = budget;
    // A field that is assigned twice is never taken for a constant: code would be compiled anew each time that an array grows.
    [this.starts, this.cells, this.table, this.stack] = [this.starts, this.cells, this.table, this.stack].map(grown) as [
      Int32Array<ArrayBuffer>,
      Int32Array<ArrayBuffer>,
      Int32Array<ArrayBuffer>,
      Int32Array<ArrayBuffer>,
    ];
  }

  levelOf(node: Diagram): number {
    return node < 0 ? LEAF_LEVEL : (this.cells[this.starts[node] as number] as number);
  }

  edgeCount(node: Diagram): number {
    return ((this.starts[node + 1] as number) - (this.starts[node] as number) - HEAD) >> 1;
  }

  /** Upper rank of an edge. */
  upperOf(node: Diagram, edge: number): number {
    return this.cells[(this.starts[node] as number) + HEAD + 2 * edge] as number;
  }

  belowOf(node: Diagram, edge: number): Diagram {
    return this.cells[(this.starts[node] as number) + HEAD + 2 * edge + 1] as number;
  }

  /** Which leaves a diagram can reach: bit k for leaf -1-k, bit 31 for all leaves from the thirty-second on. */
  maskOf(node: Diagram): number {
    return node < 0 ? leafBit(node) : (this.cells[(this.starts[node] as number) + LEAVES] as number);
  }

  /** Which levels a diagram asks for: bit k for level k, bit 31 for all levels from the thirty-second on. */
  askedMask(node: Diagram): number {
    return node < 0 ? 0 : (this.cells[(this.starts[node] as number) + ASKED] as number);
  }

  /** The edge of a rank. */
  edgeAt(node: Diagram, rank: number): number {
    const { cells } = this;
    const first = (this.starts[node] as number) + HEAD;
    let low = 0;
    let high = this.edgeCount(node) - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cells[first + 2 * middle] as number) < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The child for a rank. */
  child(node: Diagram, rank: number): Diagram {
    return this.belowOf(node, this.edgeAt(node, rank));
  }

  /** A node from edges in ascending order; the last upper rank is the level's last. */
  node(level: number, edges: readonly (readonly [upper: number, below: Diagram])[]): Diagram {
    const base = this.top;
    for (const [upper, below] of edges) this.push(base, upper, below);
    return this.finish(level, base);
  }

  /** Between `low` and `high` (ranks, inclusive) `inside`, else `outside`; `last` is the level's last rank. */
  interval(level: number, low: number, high: number, last: number, inside: Diagram, outside: Diagram): Diagram {
    const base = this.top;
    if (low > 0) this.push(base, low - 1, outside);
    this.push(base, high, inside);
    if (high < last) this.push(base, last, outside);
    return this.finish(level, base);
  }

  /** Inside any of the intervals (ascending, not touching) `inside`, else `outside`. */
  intervals(level: number, ranges: readonly (readonly [number, number])[], last: number, inside: Diagram, outside: Diagram): Diagram {
    const base = this.top;
    let next = 0;
    // By index: boxes have many ranges, and taking them apart makes an object for each until this is compiled.
    for (let i = 0; i < ranges.length; i++) {
      const range = ranges[i] as readonly [number, number];
      if (range[0] > next) this.push(base, range[0] - 1, outside);
      this.push(base, range[1], inside);
      next = range[1] + 1;
    }
    if (next <= last) this.push(base, last, outside);
    return this.finish(level, base);
  }

  /** One more edge of the node whose edges lie on the stack from `base` on; edges to the same diagram that touch are one. */
  protected push(base: number, upper: number, below: Diagram): void {
    const { top } = this;
    if (top > base && this.stack[top - 1] === below) {
      this.stack[top - 2] = upper;
      return;
    }
    if (top + 2 > this.stack.length) this.stack = grown(this.stack);
    this.stack[top] = upper;
    this.stack[top + 1] = below;
    this.top = top + 2;
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
    const end = this.top;
    this.top = base;
    const { stack, table } = this;
    if (end === base + 2) return stack[base + 1] as number;
    let hash = Math.imul(level + 1, 0x9e3779b1);
    for (let i = base; i < end; i += 2) {
      hash = Math.imul(hash ^ (stack[i] as number), 0x85ebca6b) + (stack[i + 1] as number);
      hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
    const limit = table.length - 2;
    let slot = ((hash ^ (hash >>> 15)) << 1) & limit;
    for (let found = table[slot] as number; found !== 0; found = table[slot] as number) {
      if (table[slot + 1] === hash && this.same(found - 1, level, base, end)) return found - 1;
      slot = (slot + 2) & limit;
    }
    return this.add(level, base, end, slot, hash);
  }

  private same(node: Diagram, level: number, base: number, end: number): boolean {
    const { cells, stack } = this;
    const start = this.starts[node] as number;
    const shift = start + HEAD - base;
    if ((this.starts[node + 1] as number) !== end + shift || cells[start] !== level) return false;
    for (let i = base; i < end; i++) if (stack[i] !== cells[i + shift]) return false;
    return true;
  }

  private add(level: number, base: number, end: number, slot: number, hash: number): Diagram {
    if (this.size >= this.budget) {
      this.top = 0;
      throw new SpentBudget(this.budget);
    }
    const node = this.size++;
    if (node + 2 > this.starts.length) this.starts = grown(this.starts);
    const { stack, starts } = this;
    const start = starts[node] as number;
    const first = start + HEAD;
    while (first + end - base > this.cells.length) this.cells = grown(this.cells);
    const { cells } = this;
    let leaves = 0;
    let asked = 1 << Math.min(level, LAST_BIT);
    for (let i = base, to = first; i < end; i += 2, to += 2) {
      const below = stack[i + 1] as number;
      cells[to] = stack[i] as number;
      cells[to + 1] = below;
      if (below < 0) leaves |= leafBit(below);
      else {
        const at = starts[below] as number;
        leaves |= cells[at + LEAVES] as number;
        asked |= cells[at + ASKED] as number;
      }
    }
    cells[start] = level;
    cells[start + LEAVES] = leaves;
    cells[start + ASKED] = asked;
    starts[node + 1] = first + end - base;
    this.table[slot] = node + 1;
    this.table[slot + 1] = hash;
    if (4 * this.size > this.table.length) this.rehash();
    return node;
  }

  private rehash(): void {
    const { table: old } = this;
    const table = new Int32Array(4 * old.length);
    const limit = table.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      const hash = old[from + 1] as number;
      let slot = ((hash ^ (hash >>> 15)) << 1) & limit;
      while (table[slot] !== 0) slot = (slot + 2) & limit;
      table[slot] = old[from] as number;
      table[slot + 1] = hash;
    }
    this.table = table;
  }
}

/** Below every level. */
export const LEAF_LEVEL = 0x7fffffff;

/** The bit of a mask that stands for a leaf. */
export const leafBit = (leaf: Diagram): number => 1 << Math.min(-1 - leaf, LAST_BIT);

/** The bit of a mask that stands for a level. */
export const levelBit = (level: number): number => 1 << Math.min(level, LAST_BIT);

/** The bit that several leaves or levels share. */
export const SHARED: number = 1 << LAST_BIT;

/** Does the bit of a level stand for this level alone? */
export const hasOwnBit = (level: number): boolean => level < LAST_BIT;

const GROWTH = 8;

/** A larger copy. What nobody has written to takes no memory yet, so it may as well be much larger. */
function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(GROWTH * array.length);
  larger.set(array);
  return larger;
}
