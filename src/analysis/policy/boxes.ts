import { Memo, NO, NOTHING, YES, type Diagram, type Diagrams } from "../../symbolic/index.ts";
import { pushRange, rankCount, type Range, type Ranks } from "./ranks.ts";

/** For each dimension the ranks that are allowed; what it stands for is their product. */
export type Box = readonly Ranks[];

/** A dimension of boxes: a level of the diagrams, and its last rank. Dimensions are in the order of their levels. */
export interface Dimension {
  readonly level: number;
  readonly last: number;
}

/**
 * Sets as unions of boxes; every level that a set asks for is a dimension. Ranges are read by index here: `for … of` and `[low, high]` make an
 * object for each until the code is compiled, and a walk over all edges of a large set is nearly over by then.
 */
export class Boxes {
  readonly diagrams: Diagrams;
  readonly dimensions: readonly Dimension[];
  /** By level. */
  private readonly dimensionOf: (number | undefined)[] = [];
  /** By node; 0 for one of which nobody asked. */
  private shares: Float64Array<ArrayBuffer> = new Float64Array(0);
  /** What holds for the box in question: 1, or 0. */
  private readonly held = new Memo();
  private readonly seen = new Memo();

  constructor(diagrams: Diagrams, dimensions: readonly Dimension[]) {
    this.diagrams = diagrams;
    this.dimensions = dimensions;
    for (const [index, { level }] of dimensions.entries()) this.dimensionOf[level] = index;
  }

  /** What lies below a node, each with all ranks that lead there. */
  branches(node: Diagram): Map<Diagram, Ranks> {
    const { diagrams } = this;
    const branches = new Map<Diagram, [number, number][]>();
    for (let edge = 0, low = 0, count = diagrams.edgeCount(node); edge < count; edge++) {
      const high = diagrams.upperOf(node, edge);
      const below = diagrams.belowOf(node, edge);
      const ranks = branches.get(below);
      if (ranks) pushRange(ranks, low, high);
      else branches.set(below, [[low, high]]);
      low = high + 1;
    }
    return branches;
  }

  private dimensionFor(node: Diagram): number {
    const dimension = this.dimensionOf[this.diagrams.levelOf(node)];
    if (dimension === undefined) throw new RangeError(`level ${this.diagrams.levelOf(node)} is no dimension`);
    return dimension;
  }

  /** Is the whole box in the set? */
  contains(set: Diagram, box: Box): boolean {
    this.held.begin(this.diagrams.size);
    return this.holds(set, box);
  }

  private holds(node: Diagram, box: Box): boolean {
    if (node < 0) return node === YES;
    const known = this.held.get(node);
    if (known !== NOTHING) return known === 1;
    const result = this.allHold(node, box, box[this.dimensionFor(node)] as Ranks);
    this.held.set(node, Number(result));
    return result;
  }

  private allHold(node: Diagram, box: Box, ranks: Ranks): boolean {
    const { diagrams } = this;
    let before: Diagram = YES;
    for (let i = 0; i < ranks.length; i++) {
      const range = ranks[i] as Range;
      for (let edge = diagrams.edgeAt(node, range[0]); ; edge++) {
        const below = diagrams.belowOf(node, edge);
        if (below !== before && !this.holds(below, box)) return false;
        before = below;
        if (diagrams.upperOf(node, edge) >= range[1]) break;
      }
    }
    return true;
  }

  /** Adds what lies below a node for the box; everything where the node asks for no dimension. */
  below(node: Diagram, box: Box, found: Diagram[]): void {
    const dimension = this.dimensionOf[this.diagrams.levelOf(node)];
    if (dimension !== undefined) this.reached(node, box[dimension] as Ranks, found);
    else for (let edge = 0, count = this.diagrams.edgeCount(node); edge < count; edge++) found.push(this.diagrams.belowOf(node, edge));
  }

  /** Adds what lies below a node for some of the ranks; an edge after the other. */
  reached(node: Diagram, ranks: Ranks, found: Diagram[]): void {
    const { diagrams } = this;
    let before: Diagram | undefined;
    for (let i = 0; i < ranks.length; i++) {
      const range = ranks[i] as Range;
      for (let edge = diagrams.edgeAt(node, range[0]); ; edge++) {
        const below = diagrams.belowOf(node, edge);
        if (below !== before) found.push(below);
        before = below;
        if (diagrams.upperOf(node, edge) >= range[1]) break;
      }
    }
  }

  /** The ranks that a dimension of a box may have, all others as they are, so that the box is in the set. */
  allowed(set: Diagram, box: Box, dimension: number): Ranks {
    const { level, last } = this.dimensions[dimension] as Dimension;
    const { diagrams, seen } = this;
    this.held.begin(diagrams.size);
    seen.begin(diagrams.size);
    let ranks: Ranks = [[0, last]];
    const waiting: Diagram[] = [set];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node >= 0 && !seen.meets(node)) continue;
      const own = diagrams.levelOf(node);
      if (own < level) this.reached(node, box[this.dimensionFor(node)] as Ranks, waiting);
      else if (own > level) ranks = this.holds(node, box) ? ranks : [];
      else ranks = this.ranksThatHold(node, box, ranks);
      if (ranks.length === 0) return [];
    }
    return ranks;
  }

  /** Those of some ranks for which what lies below a node holds. */
  private ranksThatHold(node: Diagram, box: Box, of: Ranks): Ranks {
    const { diagrams } = this;
    const ranks: [number, number][] = [];
    for (let i = 0; i < of.length; i++) {
      const range = of[i] as Range;
      for (let low = range[0], edge = diagrams.edgeAt(node, low); low <= range[1]; edge++) {
        const high = Math.min(diagrams.upperOf(node, edge), range[1]);
        if (this.holds(diagrams.belowOf(node, edge), box)) pushRange(ranks, low, high);
        low = high + 1;
      }
    }
    return ranks;
  }

  /** The ranks of one dimension as a set. */
  ranksAsSet(dimension: number, ranks: Ranks): Diagram {
    const { level, last } = this.dimensions[dimension] as Dimension;
    return this.diagrams.intervals(level, ranks, last, YES, NO);
  }

  /** The box as a set. */
  diagramOf(box: Box): Diagram {
    let set: Diagram = YES;
    for (let index = box.length - 1; index >= 0; index--) {
      const { level, last } = this.dimensions[index] as Dimension;
      set = this.diagrams.intervals(level, box[index] as Ranks, last, set, NO);
    }
    return set;
  }

  /** A box of the set that is as large as can be and holds the given one; dimensions grow in the given order. */
  grown(set: Diagram, box: Box, order: readonly number[]): Box {
    const result = [...box];
    for (const dimension of order) if (!this.isWhole(result, dimension)) result[dimension] = this.allowed(set, result, dimension);
    return result;
  }

  private isWhole(box: Box, dimension: number): boolean {
    const ranks = box[dimension] as Ranks;
    const [first] = ranks;
    return ranks.length === 1 && first?.[0] === 0 && first[1] === this.dimensions[dimension]?.last;
  }

  /** How much of everything a set is, by ranks: 0 to 1. */
  share(set: Diagram): number {
    const { size } = this.diagrams;
    if (this.shares.length < size) {
      const more = new Float64Array(Math.max(1 << 11, 1.5 * size));
      more.set(this.shares);
      this.shares = more;
    }
    return this.shareOf(set);
  }

  private shareOf(node: Diagram): number {
    if (node < 0) return Number(node === YES);
    const known = this.shares[node] as number;
    if (known !== 0) return known;
    const { diagrams } = this;
    let sum = 0;
    let low = 0;
    for (let edge = 0, count = diagrams.edgeCount(node); edge < count; edge++) {
      const high = diagrams.upperOf(node, edge);
      const below = diagrams.belowOf(node, edge);
      if (below !== NO) sum += (high - low + 1) * this.shareOf(below);
      low = high + 1;
    }
    // The edges end with the last rank of the level.
    return (this.shares[node] = sum / low);
  }

  /** Some box of a set, a large one where that is easy to see; the set is not empty. */
  private someBox(set: Diagram): Box {
    const box: Ranks[] = this.dimensions.map(({ last }) => [[0, last]]);
    let node = set;
    while (node !== YES) {
      let best: Diagram = NO;
      let bestRanks: Ranks = [];
      let most = 0;
      for (const [below, ranks] of this.branches(node)) {
        const size = below === NO ? 0 : rankCount(ranks) * this.share(below);
        if (size <= most && best !== NO) continue;
        if (below === NO) continue;
        [best, bestRanks, most] = [below, ranks, size];
      }
      box[this.dimensionFor(node)] = bestRanks;
      node = best;
    }
    return box;
  }

  /**
   * Few large boxes that together hold the set and may overlap: each is as large as `room`, which holds the set, lets it be. Dimensions grow in the
   * order given. At most `limit` boxes; `rest` is what they do not hold.
   */
  cover(set: Diagram, room: Diagram, order: readonly number[], limit: number): { readonly boxes: readonly Box[]; readonly rest: Diagram } {
    const boxes: Box[] = [];
    let rest = set;
    while (rest !== NO && boxes.length < limit) {
      const box = this.grown(room, this.someBox(rest), order);
      boxes.push(box);
      rest = this.diagrams.minus(rest, this.diagramOf(box));
    }
    return { boxes, rest };
  }
}
