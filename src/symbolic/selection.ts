import { HEAD, LEAF_LEVEL, NO, YES, type Diagram } from "./node-store.ts";
import { NOTHING } from "./pair-cache.ts";
import { FREE_OPERATION } from "./replacement.ts";
import { Walks } from "./walks.ts";

/** Diagrams put below tests, in the order of levels whatever they ask for themselves. */
export class Selection extends Walks {
  /** `then` where the set holds, else `otherwise`. */
  choose(set: Diagram, then: Diagram, otherwise: Diagram): Diagram {
    if (set === YES) return then;
    if (set === NO) return otherwise;
    if (then === otherwise) return then;
    if (this.isTest(set)) return this.tested(set, this.levelOf(set), then, otherwise);
    const marked = this.relabelled(set, MARKING, HOLE_A, HOLE_B);
    return this.replace(this.replace(marked, HOLE_A, then), HOLE_B, otherwise);
  }

  /** Does a set ask for one level only? */
  private isTest(set: Diagram): boolean {
    for (let i = (this.starts[set] as number) + HEAD, end = this.starts[set + 1] as number; i < end; i += 2)
      if ((this.cells[i + 1] as number) >= 0) return false;
    return true;
  }

  /** `choose` for a set that asks for one level only: the test of a rule, which mostly stands above what it decides. */
  private tested(set: Diagram, level: number, then: Diagram, otherwise: Diagram): Diagram {
    if (then === otherwise) return then;
    const top = Math.min(this.levelOf(then), this.levelOf(otherwise));
    if (top >= level) return this.testedHere(set, level, then, otherwise);
    const known = this.replaced.get(TEST + set, then, otherwise);
    if (known !== NOTHING) return known;
    const base = this.top;
    // The edge of each that asks for the level just now; the other one stays whole.
    let i = this.levelOf(then) === top ? 0 : -1;
    let j = this.levelOf(otherwise) === top ? 0 : -1;
    for (;;) {
      const first = i < 0 ? Infinity : this.upperOf(then, i);
      const second = j < 0 ? Infinity : this.upperOf(otherwise, j);
      const upper = Math.min(first, second);
      const below = this.tested(set, level, i < 0 ? then : this.belowOf(then, i), j < 0 ? otherwise : this.belowOf(otherwise, j));
      this.push(base, upper, below);
      if (first === upper && ++i === this.edgeCount(then)) break;
      if (second === upper && ++j === this.edgeCount(otherwise)) break;
    }
    const result = this.finish(top, base);
    this.replaced.fit(this.size);
    this.replaced.put(TEST + set, then, otherwise, result);
    return result;
  }

  private testedHere(set: Diagram, level: number, then: Diagram, otherwise: Diagram): Diagram {
    const base = this.top;
    let low = 0;
    for (let i = (this.starts[set] as number) + HEAD, end = this.starts[set + 1] as number; i < end; i += 2) {
      const upper = this.cells[i] as number;
      this.pushPart(base, level, low, upper, this.cells[i + 1] === YES ? then : otherwise);
      low = upper + 1;
    }
    return this.finish(level, base);
  }

  /**
   * A node whose children may reach above its level: edges in ascending order, the last upper rank the level's last. A node that keeps the order
   * where they do not.
   */
  caseOf(level: number, edges: readonly (readonly [upper: number, below: Diagram])[]): Diagram {
    if (edges.every(([, below]) => this.levelOf(below) > level)) return this.node(level, edges);
    const memo = new Map<string, Diagram>();
    const visit = (belows: readonly Diagram[]): Diagram => {
      let top = LEAF_LEVEL;
      for (const below of belows) top = Math.min(top, this.levelOf(below));
      if (top >= level)
        return this.ordered(
          level,
          edges.map(([upper], i) => [upper, belows[i] as Diagram]),
        );
      const [first] = belows;
      if (first !== undefined && belows.every(below => below === first)) return first;
      const key = belows.join();
      let result = memo.get(key);
      if (result === undefined) memo.set(key, (result = this.acrossEdges(top, belows, visit)));
      return result;
    };
    return visit(edges.map(([, below]) => below));
  }

  private ordered(level: number, edges: readonly (readonly [upper: number, below: Diagram])[]): Diagram {
    const base = this.top;
    let low = 0;
    for (const [upper, below] of edges) {
      this.pushPart(base, level, low, upper, below);
      low = upper + 1;
    }
    return this.finish(level, base);
  }

  /** What is made of several diagrams at once, where no one asks above `level`: told by the ranks of that level. */
  private acrossEdges(level: number, diagrams: readonly Diagram[], make: (belows: readonly Diagram[]) => Diagram): Diagram {
    const base = this.top;
    const last = this.lastRankAt(diagrams, level);
    for (let low = 0; ;) {
      let upper = last;
      const belows: Diagram[] = [];
      for (const diagram of diagrams) {
        if (this.levelOf(diagram) !== level) belows.push(diagram);
        else {
          const edge = this.edgeAt(diagram, low);
          upper = Math.min(upper, this.upperOf(diagram, edge));
          belows.push(this.belowOf(diagram, edge));
        }
      }
      const below = make(belows);
      this.push(base, upper, below);
      if (upper === last) return this.finish(level, base);
      low = upper + 1;
    }
  }

  /** The last rank of a level, which one of the diagrams at least asks for. */
  private lastRankAt(diagrams: readonly Diagram[], level: number): number {
    const one = diagrams.find(diagram => this.levelOf(diagram) === level) as Diagram;
    return this.upperOf(one, this.edgeCount(one) - 1);
  }

  /** An edge from rank `low` to `upper` of a node; of a child that asks for the node's own level those ranks count that lead to it. */
  private pushPart(base: number, level: number, low: number, upper: number, below: Diagram): void {
    if (this.levelOf(below) !== level) {
      this.push(base, upper, below);
      return;
    }
    for (let edge = this.edgeAt(below, low); ; edge++) {
      const reached = this.upperOf(below, edge);
      this.push(base, Math.min(reached, upper), this.belowOf(below, edge));
      if (reached >= upper) return;
    }
  }
}

/** Operations of one set. */
const MARKING = FREE_OPERATION;
export const NEGATION: number = FREE_OPERATION + 1;
/** More than the operations before it: with a set's number, a test. */
const TEST = 1 << 27;
/** Holes of `choose`: leaves that nobody else makes. */
export const HOLE_A: Diagram = -31;
export const HOLE_B: Diagram = -30;
