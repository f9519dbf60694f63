import { HEAD, LEAF_LEVEL, leafBit, LEAVES, NO, NodeStore, YES, type Diagram } from "./node-store.ts";
import { NOTHING, PairCache } from "./pair-cache.ts";

/** A store with the one operation that everything is made of. */
export class Replacement extends NodeStore {
  protected readonly replaced: PairCache = new PairCache();

  /**
   * `f` where it does not end in `leaf`, `g` where it does.
   * On sets: and(f, g) = replace(f, YES, g), or(f, g) = replace(f, NO, g).
   */
  replace(f: Diagram, leaf: Diagram, g: Diagram): Diagram {
    return g === leaf ? f : this.under(f, leaf, leafBit(leaf), g, leaf, KEPT, undefined);
  }

  /**
   * `f` where it does not end in `leaf`, and where it does what `behind` makes of the part of `g` that is asked there. `behind` is always the same for
   * a leaf, so that the leaf stands for both in the cache.
   */
  replaceBy(f: Diagram, leaf: Diagram, g: Diagram, behind: (part: Diagram) => Diagram): Diagram {
    return this.under(f, leaf, leafBit(leaf), g, leaf - BEHIND, KEPT, behind);
  }

  /** What is in `a` and not in `b`: `a` where `b` does not hold, and nothing else. */
  minus(a: Diagram, b: Diagram): Diagram {
    return a === NO || a === b ? NO : this.under(b, NO, leafBit(NO), a, DIFFERENCE, NO, undefined);
  }

  /**
   * What lies below two edges; nothing is entered that cannot change. `operation` stands for the rest of the question in the cache. Other leaves of
   * `f` than the one become `others`, unless they are kept.
   */
  private under(f: Diagram, leaf: Diagram, bit: number, g: Diagram, operation: number, others: Diagram, behind: Behind): Diagram {
    const unchanged = others === KEPT ? f : others;
    if (f < 0) return f !== leaf ? unchanged : behind === undefined ? g : behind(g);
    if (((this.cells[(this.starts[f] as number) + LEAVES] as number) & bit) === 0) return unchanged;
    if (behind !== undefined) return g < 0 ? this.replace(f, leaf, behind(g)) : this.replaceIn(f, leaf, bit, g, operation, others, behind);
    // Where leaves are kept, the leaf itself and `f` change nothing either.
    if (g === unchanged || (g === leaf && others === KEPT)) return unchanged;
    return this.replaceIn(f, leaf, bit, g, operation, others, behind);
  }

  private replaceIn(f: Diagram, leaf: Diagram, bit: number, g: Diagram, operation: number, others: Diagram, behind: Behind): Diagram {
    const known = this.replaced.get(operation, f, g);
    if (known !== NOTHING) return known;
    const lf = this.levelOf(f);
    const lg = g < 0 ? LEAF_LEVEL : this.levelOf(g);
    const base = this.top;
    let i = (this.starts[f] as number) + HEAD;
    let result: Diagram;
    if (lf < lg) {
      for (const end = this.starts[f + 1] as number; i < end; i += 2) {
        const child = this.under(this.cells[i + 1] as number, leaf, bit, g, operation, others, behind);
        this.push(base, this.cells[i] as number, child);
      }
      result = this.finish(lf, base);
    } else if (lf > lg) {
      let j = (this.starts[g] as number) + HEAD;
      for (const end = this.starts[g + 1] as number; j < end; j += 2) {
        const child = this.under(f, leaf, bit, this.cells[j + 1] as number, operation, others, behind);
        this.push(base, this.cells[j] as number, child);
      }
      result = this.finish(lg, base);
    } else {
      let j = (this.starts[g] as number) + HEAD;
      for (const end = this.starts[f + 1] as number; i < end;) {
        const child = this.under(this.cells[i + 1] as number, leaf, bit, this.cells[j + 1] as number, operation, others, behind);
        const uf = this.cells[i] as number;
        const ug = this.cells[j] as number;
        this.push(base, uf < ug ? uf : ug, child);
        if (uf <= ug) i += 2;
        if (ug <= uf) j += 2;
      }
      result = this.finish(lf, base);
    }
    this.replaced.fit(this.size);
    this.replaced.put(operation, f, g, result);
    return result;
  }

  /** A set with other leaves; `operation`, greater than 0, stands for the two in the cache. */
  protected relabelled(set: Diagram, operation: number, yes: Diagram, no: Diagram): Diagram {
    if (set < 0) return set === YES ? yes : set === NO ? no : set;
    const known = this.replaced.get(operation, set, 0);
    if (known !== NOTHING) return known;
    const base = this.top;
    for (let i = (this.starts[set] as number) + HEAD, end = this.starts[set + 1] as number; i < end; i += 2) {
      const child = this.relabelled(this.cells[i + 1] as number, operation, yes, no);
      this.push(base, this.cells[i] as number, child);
    }
    const result = this.finish(this.levelOf(set), base);
    this.replaced.fit(this.size);
    this.replaced.put(operation, set, 0, result);
    return result;
  }
}

/** For other leaves: they stay what they are. */
const KEPT = 0x7fffffff;

/** What becomes of the part of a diagram that takes a leaf's place; undefined: it stays as it is. */
type Behind = ((part: Diagram) => Diagram) | undefined;

/** More than there are leaves: tells apart in the cache what `replaceBy` asks from what `replace` asks. */
const BEHIND = 1 << 29;

/** Operations in the cache that are none of `replace`, which stand there as the leaf. */
const DIFFERENCE = 1;
/** The first one that is free. */
export const FREE_OPERATION = 2;
