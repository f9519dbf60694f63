import { Memo, NO, NOTHING, YES, type Diagram, type Diagrams } from "../../symbolic/index.ts";
import { commonRanks, pushRange, rankCount, type Ranks } from "./ranks.ts";

/** For each dimension the ranks that are allowed; what it stands for is their product. */
export type Box = readonly Ranks[];

/** A dimension of boxes: a level of the diagrams, and its last rank. Dimensions are in the order of their levels. */
export interface Dimension {
  readonly level: number;
  readonly last: number;
}

/** There are more boxes than anybody reads. */
export class TooManyBoxes extends Error {}

/** Sets as unions of boxes; every level that a set asks for is a dimension. */
export class Boxes {
  readonly diagrams: Diagrams;
  readonly dimensions: readonly Dimension[];
  private readonly dimensionOf = new Map<number, number>();
  private readonly shares = new Map<Diagram, number>();
  /** What holds for the box in question: 1, or 0. */
  private readonly held = new Memo();
  private readonly seen = new Memo();

  constructor(diagrams: Diagrams, dimensions: readonly Dimension[]) {
    this.diagrams = diagrams;
    this.dimensions = dimensions;
    for (const [index, { level }] of dimensions.entries()) this.dimensionOf.set(level, index);
  }

  /** Boxes that do not overlap and together are the set, at most `limit`. */
  disjoint(set: Diagram, limit: number): Box[] {
    const boxes: Box[] = [];
    const ranks: Ranks[] = this.dimensions.map(({ last }) => [[0, last]]);
    const visit = (node: Diagram): void => {
      if (node === NO) return;
      if (node === YES) {
        if (boxes.length >= limit) throw new TooManyBoxes(`more than ${limit} boxes`);
        boxes.push([...ranks]);
        return;
      }
      const dimension = this.dimensionFor(node);
      const whole = ranks[dimension] as Ranks;
      for (const [below, part] of this.branches(node)) {
        ranks[dimension] = part;
        visit(below);
      }
      ranks[dimension] = whole;
    };
    visit(set);
    return boxes;
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
    const dimension = this.dimensionOf.get(this.diagrams.levelOf(node));
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
    for (const [low, high] of ranks)
      for (let edge = diagrams.edgeAt(node, low); ; edge++) {
        const below = diagrams.belowOf(node, edge);
        if (below !== before && !this.holds(below, box)) return false;
        before = below;
        if (diagrams.upperOf(node, edge) >= high) break;
      }
    return true;
  }

  /** What lies below a node for the box; everything where the node asks for no dimension. */
  below(node: Diagram, box: Box): Diagram[] {
    const dimension = this.dimensionOf.get(this.diagrams.levelOf(node));
    if (dimension !== undefined) return this.reached(node, box[dimension] as Ranks);
    return Array.from({ length: this.diagrams.edgeCount(node) }, (_, edge) => this.diagrams.belowOf(node, edge));
  }

  /** What lies below a node for some of the ranks; an edge after the other. */
  reached(node: Diagram, ranks: Ranks): Diagram[] {
    const { diagrams } = this;
    const below: Diagram[] = [];
    for (const [low, high] of ranks) {
      let edge = diagrams.edgeAt(node, low);
      for (;;) {
        const next = diagrams.belowOf(node, edge);
        if (below.at(-1) !== next) below.push(next);
        if (diagrams.upperOf(node, edge) >= high) break;
        edge++;
      }
    }
    return below;
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
      if (own < level) waiting.push(...this.reached(node, box[this.dimensionFor(node)] as Ranks));
      else if (own > level) ranks = this.holds(node, box) ? ranks : [];
      else ranks = commonRanks(ranks, this.edgesThatHold(node, box));
      if (ranks.length === 0) return [];
    }
    return ranks;
  }

  private edgesThatHold(node: Diagram, box: Box): Ranks {
    const { diagrams } = this;
    const ranks: [number, number][] = [];
    for (let edge = 0, low = 0, count = diagrams.edgeCount(node); edge < count; edge++) {
      const high = diagrams.upperOf(node, edge);
      if (this.holds(diagrams.belowOf(node, edge), box)) pushRange(ranks, low, high);
      low = high + 1;
    }
    return ranks;
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
    for (const dimension of order) result[dimension] = this.allowed(set, result, dimension);
    return result;
  }

  /** How much of everything a set is, by ranks: 0 to 1. */
  share(node: Diagram): number {
    if (node < 0) return Number(node === YES);
    const known = this.shares.get(node);
    if (known !== undefined) return known;
    const { diagrams } = this;
    let sum = 0;
    for (let edge = 0, low = 0, count = diagrams.edgeCount(node); edge < count; edge++) {
      const high = diagrams.upperOf(node, edge);
      sum += (high - low + 1) * this.share(diagrams.belowOf(node, edge));
      low = high + 1;
    }
    const result = sum / ((this.dimensions[this.dimensionFor(node)] as Dimension).last + 1);
    this.shares.set(node, result);
    return result;
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

  /** Everything but a box, as a set. */
  private allBut(box: Box): Diagram {
    let set: Diagram = NO;
    for (let index = box.length - 1; index >= 0; index--) {
      const { level, last } = this.dimensions[index] as Dimension;
      set = this.diagrams.intervals(level, box[index] as Ranks, last, set, YES);
    }
    return set;
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
      rest = this.diagrams.replace(this.allBut(box), YES, rest);
    }
    return { boxes, rest };
  }
}
