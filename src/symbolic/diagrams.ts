import { ASKED, hasOwnBit, HEAD, levelBit, NO, SHARED, YES, type Diagram } from "./node-store.ts";
import { Memo } from "./memo.ts";
import { NOTHING } from "./pair-cache.ts";
import { HOLE_A, HOLE_B, NEGATION, Selection } from "./selection.ts";

export { LEAF_LEVEL, NO, YES, type Diagram } from "./node-store.ts";

/** Operations on diagrams; everything is made of `replace` and of walks. */
export class Diagrams extends Selection {
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

  /** Is all of `a` in `b`? */
  within(a: Diagram, b: Diagram): boolean {
    return this.minus(a, b) === NO;
  }

  /** Each leaf becomes a diagram of any levels. */
  bind(f: Diagram, change: (leaf: Diagram) => Diagram): Diagram {
    return this.walked(f, (memo, leaves) => {
      const visit = (node: Diagram): Diagram => {
        if (node < 0) return leaves.of(node, change);
        const known = memo.get(node);
        if (known !== NOTHING) return known;
        const level = this.levelOf(node);
        const base = this.top;
        let inOrder = true;
        for (let i = (this.starts[node] as number) + HEAD, end = this.starts[node + 1] as number; i < end; i += 2) {
          const child = visit(this.cells[i + 1] as number);
          inOrder &&= this.levelOf(child) > level;
          this.push(base, this.cells[i] as number, child);
        }
        const result = inOrder ? this.finish(level, base) : this.caseOf(level, this.popped(base));
        memo.set(node, result);
        return result;
      };
      return visit(f);
    });
  }

  /** The set that holds for some (`or`) or for all (`and`) ranks of the levels that the test names. */
  quantify(f: Diagram, gone: (level: number) => boolean, some: boolean): Diagram {
    let mask = SHARED;
    for (let level = 0; hasOwnBit(level); level++) if (this.mayAsk(f, level) && gone(level)) mask |= levelBit(level);
    if ((this.askedMask(f) & mask) === 0) return f;
    return this.walked(f, memo => this.quantified(f, memo, { gone, some, mask }));
  }

  private quantified(node: Diagram, memo: Memo, how: Quantifier): Diagram {
    if (node < 0 || ((this.cells[(this.starts[node] as number) + ASKED] as number) & how.mask) === 0) return node;
    const known = memo.get(node);
    if (known !== NOTHING) return known;
    const level = this.levelOf(node);
    let i = (this.starts[node] as number) + HEAD;
    const end = this.starts[node + 1] as number;
    let result: Diagram;
    if (how.gone(level)) {
      result = how.some ? NO : YES;
      for (; i < end; i += 2) {
        const child = this.quantified(this.cells[i + 1] as number, memo, how);
        result = how.some ? this.or(result, child) : this.and(result, child);
      }
    } else {
      const base = this.top;
      for (; i < end; i += 2) {
        const child = this.quantified(this.cells[i + 1] as number, memo, how);
        this.push(base, this.cells[i] as number, child);
      }
      result = this.finish(level, base);
    }
    memo.set(node, result);
    return result;
  }

  /** What `assume` takes for known just now: ranks by level, else -1. */
  private assumed = new Int32Array(64).fill(-1);

  /** The diagram where levels have the ranks given; it asks for them no more. */
  assume(f: Diagram, ranks: ReadonlyMap<number, number>): Diagram {
    let last = 0;
    let mask = 0;
    for (const level of ranks.keys()) {
      if (!this.asks(f, level)) continue;
      last = Math.max(last, level);
      mask |= levelBit(level);
    }
    if (mask === 0) return f;
    if (last >= this.assumed.length) this.assumed = new Int32Array(2 * last + 2).fill(-1);
    for (const [level, rank] of ranks) if (level <= last) this.assumed[level] = rank;
    try {
      return this.walked(f, memo => this.assuming(f, memo, mask, last));
    } finally {
      for (const level of ranks.keys()) if (level <= last) this.assumed[level] = -1;
    }
  }

  private assuming(node: Diagram, memo: Memo, mask: number, last: number): Diagram {
    if (node < 0) return node;
    const start = this.starts[node] as number;
    const level = this.cells[start] as number;
    if (level > last || ((this.cells[start + ASKED] as number) & mask) === 0) return node;
    const known = memo.get(node);
    if (known !== NOTHING) return known;
    const rank = this.assumed[level] as number;
    let result: Diagram;
    if (rank >= 0) result = this.assuming(this.child(node, rank), memo, mask, last);
    else {
      const base = this.top;
      for (let i = start + HEAD, end = this.starts[node + 1] as number; i < end; i += 2) {
        const child = this.assuming(this.cells[i + 1] as number, memo, mask, last);
        this.push(base, this.cells[i] as number, child);
      }
      result = this.finish(level, base);
    }
    memo.set(node, result);
    return result;
  }

  /** The diagram where one level has a rank. */
  restrict(f: Diagram, level: number, rank: number): Diagram {
    const own = this.levelOf(f);
    if (own > level) return f;
    return own === level ? this.child(f, rank) : this.assume(f, new Map([[level, rank]]));
  }
}

/** Levels that go, how, and the bits of masks that may stand for one of them. */
interface Quantifier {
  readonly gone: (level: number) => boolean;
  readonly some: boolean;
  readonly mask: number;
}

/** The first leaf that others may use; the holes are left out. */
export const FIRST_FREE_LEAF: Diagram = -3;
/** The leaf after a leaf. */
export const nextLeaf = (leaf: Diagram): Diagram => (leaf - 1 === HOLE_B ? HOLE_A - 1 : leaf - 1);
