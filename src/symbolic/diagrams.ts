import { LEAF_LEVEL, leafBit, NO, NodeStore, YES, type Diagram } from "./node-store.ts";
import { Memo } from "./memo.ts";
import { NOTHING, PairCache } from "./pair-cache.ts";

export { LEAF_LEVEL, NO, YES, type Diagram } from "./node-store.ts";

/** Operations on diagrams; everything is made of `replace`. */
export class Diagrams extends NodeStore {
  private readonly replaced = new PairCache();

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
    return this.relabelled(a, NEGATION, NO, YES);
  }

  /** A set with other leaves; `operation` stands for the two in the cache. */
  private relabelled(set: Diagram, operation: number, yes: Diagram, no: Diagram): Diagram {
    if (set < 0) return set === YES ? yes : set === NO ? no : set;
    const cache = this.replaced;
    cache.fit(this.size);
    const known = cache.get(operation, set, 0);
    if (known !== NOTHING) return known;
    const result = this.rebuilt(set, below => this.relabelled(below, operation, yes, no));
    cache.put(operation, set, 0, result);
    return result;
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
    return this.filled(this.relabelled(set, MARKING, HOLE_A, HOLE_B), then, otherwise);
  }

  private filled(marked: Diagram, then: Diagram, otherwise: Diagram): Diagram {
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
      return this.filled(this.interval(level, 0, cut, last, HOLE_A, HOLE_B), visit(low, middle), visit(middle, high));
    };
    return visit(0, edges.length);
  }

  /** Each leaf becomes a diagram of any levels. */
  bind(f: Diagram, change: (leaf: Diagram) => Diagram): Diagram {
    return this.walked(f, change, (node, visit) => {
      const level = this.level[node] as number;
      const base = this.top;
      let inOrder = true;
      for (let i = this.first[node] as number, end = this.first[node + 1] as number; i < end; i++) {
        const child = visit(this.below[i] as number);
        inOrder &&= this.levelOf(child) > level;
        this.push(this.upper[i] as number, child);
      }
      return inOrder ? this.finish(level, base) : this.caseOf(level, this.popped(base));
    });
  }

  private readonly memos: Memo[] = [];

  /** A walk from the root down in which each node is worked out once. */
  private walked(
    f: Diagram,
    leaf: (leaf: Diagram) => Diagram,
    inner: (node: Diagram, visit: (below: Diagram) => Diagram) => Diagram,
  ): Diagram {
    if (f < 0) return leaf(f);
    const memo = this.memos.pop() ?? new Memo();
    memo.begin(this.size);
    const leaves = new Map<Diagram, Diagram>();
    const visit = (node: Diagram): Diagram => {
      if (node < 0) {
        let result = leaves.get(node);
        if (result === undefined) leaves.set(node, (result = leaf(node)));
        return result;
      }
      let result = memo.get(node);
      if (result === NOTHING) {
        result = inner(node, visit);
        memo.set(node, result);
      }
      return result;
    };
    const result = visit(f);
    this.memos.push(memo);
    return result;
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
    const itself = (leaf: Diagram): Diagram => leaf;
    return this.walked(f, itself, (node, visit) => {
      if (!gone(this.levelOf(node))) return this.rebuilt(node, visit);
      let result = some ? NO : YES;
      for (let edge = 0, count = this.edgeCount(node); edge < count; edge++) {
        const child = visit(this.belowOf(node, edge));
        result = some ? this.or(result, child) : this.and(result, child);
      }
      return result;
    });
  }

  /** The diagram with each leaf changed by a function. */
  mapLeaves(f: Diagram, change: (leaf: Diagram) => Diagram): Diagram {
    return this.walked(f, change, (node, visit) => this.rebuilt(node, visit));
  }

  /** The node with its children changed; they must stay below its level. The same node where none changes. */
  rebuilt(node: Diagram, change: (below: Diagram) => Diagram): Diagram {
    const base = this.top;
    const end = this.first[node + 1] as number;
    let same = true;
    for (let i = this.first[node] as number; i < end; i++) {
      const below = this.below[i] as number;
      const child = change(below);
      same &&= child === below;
      this.push(this.upper[i] as number, child);
    }
    if (same) {
      this.top = base;
      return node;
    }
    return this.finish(this.level[node] as number, base);
  }

  /** What `assume` takes for known just now: ranks by level, else -1. */
  private assumed = new Int32Array(64).fill(-1);

  /** The diagram where levels have the ranks given; it asks for them no more. */
  assume(f: Diagram, ranks: ReadonlyMap<number, number>): Diagram {
    if (f < 0 || ranks.size === 0) return f;
    let last = 0;
    for (const level of ranks.keys()) last = Math.max(last, level);
    if (last >= this.assumed.length) this.assumed = new Int32Array(2 * last + 2).fill(-1);
    const known = this.assumed;
    for (const [level, rank] of ranks) known[level] = rank;
    const itself = (leaf: Diagram): Diagram => leaf;
    try {
      return this.walked(f, itself, (node, visit) => {
        const level = this.level[node] as number;
        if (level > last) return node;
        const rank = known[level] as number;
        return rank >= 0 ? visit(this.child(node, rank)) : this.rebuilt(node, visit);
      });
    } finally {
      for (const level of ranks.keys()) known[level] = -1;
    }
  }

  /** The diagram where one level has a rank. */
  restrict(f: Diagram, level: number, rank: number): Diagram {
    if (f < 0) return f;
    const own = this.level[f] as number;
    if (own > level) return f;
    return own === level ? this.child(f, rank) : this.assume(f, new Map([[level, rank]]));
  }
}

/** Operations of one set, beside those of `replace`, which are leaves. */
const NEGATION = 1;
const MARKING = 2;
/** Holes of `choose`: leaves that nobody else makes. */
const HOLE_A: Diagram = -31;
const HOLE_B: Diagram = -30;
/** The first leaf that others may use; the holes are left out. */
export const FIRST_FREE_LEAF: Diagram = -3;
/** The leaf after a leaf. */
export const nextLeaf = (leaf: Diagram): Diagram => (leaf - 1 === HOLE_B ? HOLE_A - 1 : leaf - 1);
