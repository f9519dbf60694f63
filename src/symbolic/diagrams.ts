import { SpentBudget } from "./budget.ts";
import { NOTHING, PairCache } from "./pair-cache.ts";

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
export class Diagrams {
  /** Inner nodes that exist. */
  size = 0;
  private readonly budget: number;
  private level = new Int32Array(FIRST_CAPACITY);
  private first = new Int32Array(FIRST_CAPACITY + 1);
  private masks = new Int32Array(FIRST_CAPACITY);
  private upper = new Int32Array(4 * FIRST_CAPACITY);
  private below = new Int32Array(4 * FIRST_CAPACITY);
  private edges = 0;
  private table = new Int32Array(2 * FIRST_CAPACITY).fill(-1);
  /** Edges under construction: pairs of upper rank and diagram. */
  private stack = new Int32Array(1 << 12);
  private top = 0;
  private readonly replaced = new PairCache();

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

  private push(upper: number, below: Diagram): void {
    if (this.top + 2 > this.stack.length) this.stack = grown(this.stack);
    this.stack[this.top] = upper;
    this.stack[this.top + 1] = below;
    this.top += 2;
  }

  /** Makes a node of what lies on the stack from `base` on. */
  private finish(level: number, base: number): Diagram {
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

  /**
   * `f` where it does not end in `leaf`, `g` where it does: the one operation that everything is made of.
   * On sets: and(f, g) = replace(f, YES, g), or(f, g) = replace(f, NO, g).
   */
  replace(f: Diagram, leaf: Diagram, g: Diagram): Diagram {
    if (f < 0) return f === leaf ? g : f;
    if (g === leaf) return f;
    return this.replaceIn(f, leaf, leafBit(leaf), g);
  }

  private replaceIn(f: Diagram, leaf: Diagram, bit: number, g: Diagram): Diagram {
    if (f < 0) return f === leaf ? g : f;
    if (((this.masks[f] as number) & bit) === 0 || f === g) return f;
    const cache = this.replaced;
    cache.fit(this.size);
    const known = cache.get(leaf, f, g);
    if (known !== NOTHING) return known;
    const lf = this.level[f] as number;
    const lg = g < 0 ? LEAF_LEVEL : (this.level[g] as number);
    const base = this.top;
    let result: Diagram;
    if (lf < lg) {
      for (let i = this.first[f] as number, end = this.first[f + 1] as number; i < end; i++) {
        const child = this.replaceIn(this.below[i] as number, leaf, bit, g);
        this.push(this.upper[i] as number, child);
      }
      result = this.finish(lf, base);
    } else if (lf > lg) {
      for (let i = this.first[g] as number, end = this.first[g + 1] as number; i < end; i++) {
        const child = this.replaceIn(f, leaf, bit, this.below[i] as number);
        this.push(this.upper[i] as number, child);
      }
      result = this.finish(lg, base);
    } else {
      let i = this.first[f] as number;
      let j = this.first[g] as number;
      const end = this.first[f + 1] as number;
      while (i < end) {
        const uf = this.upper[i] as number;
        const ug = this.upper[j] as number;
        const child = this.replaceIn(this.below[i] as number, leaf, bit, this.below[j] as number);
        this.push(Math.min(uf, ug), child);
        if (uf <= ug) i++;
        if (ug <= uf) j++;
      }
      result = this.finish(lf, base);
    }
    cache.put(leaf, f, g, result);
    return result;
  }

  and(a: Diagram, b: Diagram): Diagram {
    if (a === NO || b === NO) return NO;
    return a < b ? this.replace(a, YES, b) : this.replace(b, YES, a);
  }

  or(a: Diagram, b: Diagram): Diagram {
    if (a === YES || b === YES) return YES;
    return a < b ? this.replace(a, NO, b) : this.replace(b, NO, a);
  }

  not(a: Diagram): Diagram {
    return this.mapLeaves(a, leaf => (leaf === YES ? NO : leaf === NO ? YES : leaf));
  }

  minus(a: Diagram, b: Diagram): Diagram {
    return this.and(a, this.not(b));
  }

  /** Is all of `a` in `b`? */
  within(a: Diagram, b: Diagram): boolean {
    return this.minus(a, b) === NO;
  }

  /** `then` where the set holds, else `otherwise`. */
  choose(set: Diagram, then: Diagram, otherwise: Diagram): Diagram {
    if (set === YES) return then;
    if (set === NO) return otherwise;
    if (then === otherwise) return then;
    const marked = this.mapLeaves(set, leaf => (leaf === YES ? HOLE_A : HOLE_B));
    return this.replace(this.replace(marked, HOLE_A, then), HOLE_B, otherwise);
  }

  /**
   * A node whose children may reach above its level: edges in ascending order, the last upper rank the level's last. A node that keeps the order
   * where they do not.
   */
  caseOf(level: number, edges: readonly (readonly [upper: number, below: Diagram])[]): Diagram {
    if (edges.every(([, below]) => this.levelOf(below) > level)) return this.node(level, edges);
    const last = edges.at(-1)?.[0] ?? 0;
    const visit = (low: number, high: number): Diagram => {
      const [, below] = edges[low] as readonly [number, Diagram];
      if (high - low === 1) return below;
      const middle = (low + high) >> 1;
      const [cut] = edges[middle - 1] as readonly [number, Diagram];
      return this.choose(this.interval(level, 0, cut, last, YES, NO), visit(low, middle), visit(middle, high));
    };
    return visit(0, edges.length);
  }

  /** Each leaf becomes a diagram of any levels. */
  bind(f: Diagram, change: (leaf: Diagram) => Diagram): Diagram {
    const memo = new Map<Diagram, Diagram>();
    const visit = (node: Diagram): Diagram => {
      const known = memo.get(node);
      if (known !== undefined) return known;
      let result: Diagram;
      if (node < 0) result = change(node);
      else {
        const edges: [number, Diagram][] = [];
        for (let edge = 0, count = this.edgeCount(node); edge < count; edge++)
          edges.push([this.upperOf(node, edge), visit(this.belowOf(node, edge))]);
        result = this.caseOf(this.levelOf(node), edges);
      }
      memo.set(node, result);
      return result;
    };
    return visit(f);
  }

  /** The leaves that a diagram reaches, each once. */
  leavesOf(f: Diagram): Diagram[] {
    const leaves = new Set<Diagram>();
    const seen = new Set<Diagram>();
    const waiting = [f];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node < 0) leaves.add(node);
      else if (!seen.has(node)) {
        seen.add(node);
        for (let edge = 0, count = this.edgeCount(node); edge < count; edge++) waiting.push(this.belowOf(node, edge));
      }
    }
    return [...leaves];
  }

  private asked: { readonly diagram: Diagram; readonly levels: ReadonlySet<number> } = { diagram: NO, levels: new Set() };

  /** Does a diagram ask for a level? Quick when the same diagram is asked about again and again. */
  asks(f: Diagram, level: number): boolean {
    if (f < 0) return false;
    if (this.asked.diagram !== f) this.asked = { diagram: f, levels: this.levelsOf(f) };
    return this.asked.levels.has(level);
  }

  /** The levels that a diagram asks for. */
  levelsOf(f: Diagram): Set<number> {
    const levels = new Set<number>();
    const seen = new Set<Diagram>();
    const waiting = [f];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node < 0 || seen.has(node)) continue;
      seen.add(node);
      levels.add(this.levelOf(node));
      for (let edge = 0, count = this.edgeCount(node); edge < count; edge++) waiting.push(this.belowOf(node, edge));
    }
    return levels;
  }

  /** The set that holds for some (`or`) or for all (`and`) ranks of the levels that the test names. */
  quantify(f: Diagram, gone: (level: number) => boolean, some: boolean): Diagram {
    const memo = new Map<Diagram, Diagram>();
    const visit = (node: Diagram): Diagram => {
      if (node < 0) return node;
      const known = memo.get(node);
      if (known !== undefined) return known;
      let result: Diagram;
      if (gone(this.levelOf(node))) {
        result = some ? NO : YES;
        for (let edge = 0, count = this.edgeCount(node); edge < count; edge++) {
          const child = visit(this.belowOf(node, edge));
          result = some ? this.or(result, child) : this.and(result, child);
        }
      } else result = this.rebuilt(node, visit);
      memo.set(node, result);
      return result;
    };
    return visit(f);
  }

  /** The diagram with each leaf changed by a function. */
  mapLeaves(f: Diagram, change: (leaf: Diagram) => Diagram): Diagram {
    const memo = new Map<Diagram, Diagram>();
    const visit = (node: Diagram): Diagram => {
      const known = memo.get(node);
      if (known !== undefined) return known;
      const result = node < 0 ? change(node) : this.rebuilt(node, visit);
      memo.set(node, result);
      return result;
    };
    return visit(f);
  }

  /** The node with its children changed; they must stay below its level. */
  rebuilt(node: Diagram, change: (below: Diagram) => Diagram): Diagram {
    const base = this.top;
    const end = this.first[node + 1] as number;
    for (let i = this.first[node] as number; i < end; i++) {
      const child = change(this.below[i] as number);
      this.push(this.upper[i] as number, child);
    }
    return this.finish(this.level[node] as number, base);
  }

  /** The diagram where levels have the ranks given; it asks for them no more. */
  assume(f: Diagram, ranks: ReadonlyMap<number, number>): Diagram {
    if (f < 0 || ranks.size === 0) return f;
    const known = new Int32Array(Math.max(...ranks.keys()) + 1).fill(-1);
    for (const [level, rank] of ranks) known[level] = rank;
    const memo = new Map<Diagram, Diagram>();
    const visit = (node: Diagram): Diagram => {
      if (node < 0) return node;
      const level = this.level[node] as number;
      if (level >= known.length) return node;
      const rank = known[level] as number;
      if (rank >= 0) return visit(this.child(node, rank));
      const before = memo.get(node);
      if (before !== undefined) return before;
      const result = this.rebuilt(node, visit);
      memo.set(node, result);
      return result;
    };
    return visit(f);
  }

  /** The diagram where one level has a rank. */
  restrict(f: Diagram, level: number, rank: number): Diagram {
    if (f < 0) return f;
    const own = this.level[f] as number;
    if (own > level) return f;
    return own === level ? this.child(f, rank) : this.assume(f, new Map([[level, rank]]));
  }
}

/** Holes of `choose`: leaves that nobody else makes. */
const HOLE_A: Diagram = -31;
const HOLE_B: Diagram = -30;
/** The first leaf that others may use; the holes are left out. */
export const FIRST_FREE_LEAF: Diagram = -3;
/** The leaf after a leaf. */
export const nextLeaf = (leaf: Diagram): Diagram => (leaf - 1 === HOLE_B ? HOLE_A - 1 : leaf - 1);
/** Below every level. */
export const LEAF_LEVEL = 0x7fffffff;

const leafBit = (leaf: Diagram): number => 1 << Math.min(-1 - leaf, LAST_BIT);

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
