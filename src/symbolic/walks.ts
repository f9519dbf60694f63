import { hasOwnBit, HEAD, leafBit, levelBit, NO, SHARED, YES, type Diagram } from "./node-store.ts";
import { Memo } from "./memo.ts";
import { NOTHING } from "./pair-cache.ts";
import { Replacement } from "./replacement.ts";

/** Walks over diagrams in which each node is met once. */
export class Walks extends Replacement {
  /** The diagram with each leaf changed by a function, into something below all levels of the diagram. */
  mapLeaves(f: Diagram, change: (leaf: Diagram) => Diagram): Diagram {
    return f < 0 ? change(f) : this.walked(f, (memo, leaves) => this.mapped(f, memo, leaves, -1, change));
  }

  /** The same for some leaves; others stay, and what reaches no others is not entered. */
  mapSome(f: Diagram, some: ReadonlySet<Diagram>, change: (leaf: Diagram) => Diagram): Diagram {
    let mask = 0;
    for (const leaf of some) mask |= leafBit(leaf);
    return this.walked(f, (memo, leaves) => this.mapped(f, memo, leaves, mask, leaf => (some.has(leaf) ? change(leaf) : leaf)));
  }

  /** The set that ends in some of the leaves. */
  endingIn(f: Diagram, leaves: Iterable<Diagram>): Diagram {
    const wanted = new Set(leaves);
    let mask = 0;
    for (const leaf of wanted) mask |= leafBit(leaf);
    return this.walked(f, memo => this.endsIn(f, memo, wanted, mask));
  }

  private endsIn(node: Diagram, memo: Memo, wanted: ReadonlySet<Diagram>, mask: number): Diagram {
    if (node < 0) return wanted.has(node) ? YES : NO;
    const reached = this.maskOf(node);
    if ((reached & mask) === 0) return NO;
    // Leaves that share a bit are not told apart by it.
    if ((reached & (~mask | SHARED)) === 0) return YES;
    const known = memo.get(node);
    if (known !== NOTHING) return known;
    const base = this.top;
    for (let i = (this.starts[node] as number) + HEAD, end = this.starts[node + 1] as number; i < end; i += 2) {
      const child = this.endsIn(this.cells[i + 1] as number, memo, wanted, mask);
      this.push(base, this.cells[i] as number, child);
    }
    const result = this.finish(this.levelOf(node), base);
    memo.set(node, result);
    return result;
  }

  private mapped(node: Diagram, memo: Memo, leaves: LeafMemo, mask: number, change: (leaf: Diagram) => Diagram): Diagram {
    if (node < 0) return leaves.of(node, change);
    if ((this.maskOf(node) & mask) === 0) return node;
    const known = memo.get(node);
    if (known !== NOTHING) return known;
    const base = this.top;
    for (let i = (this.starts[node] as number) + HEAD, end = this.starts[node + 1] as number; i < end; i += 2) {
      const child = this.mapped(this.cells[i + 1] as number, memo, leaves, mask, change);
      this.push(base, this.cells[i] as number, child);
    }
    const result = this.finish(this.levelOf(node), base);
    memo.set(node, result);
    return result;
  }

  private readonly memos: Memo[] = [];

  /** A walk has a memory of its own: what it calls may walk too. */
  protected walked(f: Diagram, walk: (memo: Memo, leaves: LeafMemo) => Diagram): Diagram {
    const memo = this.memos.pop() ?? new Memo();
    memo.begin(this.size);
    const result = walk(memo, new LeafMemo());
    this.memos.push(memo);
    return result;
  }

  /** The leaves that a diagram reaches, each once. */
  leavesOf(f: Diagram): Diagram[] {
    const found = new Set<Diagram>();
    const all = this.maskOf(f);
    let mask = 0;
    this.visit(f, node => {
      if (node >= 0) {
        // Where no leaves share a bit, what has no new ones need not be entered.
        return (all & SHARED) !== 0 || (this.maskOf(node) & ~mask) !== 0;
      }
      found.add(node);
      mask |= leafBit(node);
      return false;
    });
    return [...found];
  }

  /** Shows each node and leaf once, from the root down; goes on below a node when told so. */
  private visit(f: Diagram, enter: (node: Diagram) => boolean): void {
    const memo = this.memos.pop() ?? new Memo();
    memo.begin(this.size);
    const waiting = [f];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node >= 0 && !memo.meets(node)) continue;
      if (!enter(node)) continue;
      let before: Diagram | undefined;
      for (let i = (this.starts[node] as number) + HEAD, end = this.starts[node + 1] as number; i < end; i += 2) {
        const below = this.cells[i + 1] as number;
        if (below !== before) waiting.push(below);
        before = below;
      }
    }
    this.memos.push(memo);
  }

  /** False only where a diagram does not ask for a level. */
  mayAsk(f: Diagram, level: number): boolean {
    return (this.askedMask(f) & levelBit(level)) !== 0;
  }

  /** Does a diagram ask for a level? */
  asks(f: Diagram, level: number): boolean {
    if (!this.mayAsk(f, level)) return false;
    return hasOwnBit(level) || this.levelsOf(f).has(level);
  }

  /** Levels of diagrams that were asked about lately. */
  private readonly asked = new Map<Diagram, ReadonlySet<number>>();

  /** The levels that a diagram asks for. Quick when the same diagram is asked about again. */
  levelsOf(f: Diagram): ReadonlySet<number> {
    const known = this.asked.get(f);
    if (known !== undefined) return known;
    const levels = new Set<number>();
    for (let level = 0; hasOwnBit(level); level++) if (this.mayAsk(f, level)) levels.add(level);
    this.visit(f, node => {
      if ((this.askedMask(node) & SHARED) === 0) return false;
      levels.add(this.levelOf(node));
      return true;
    });
    if (this.asked.size >= ASKED_MAX) this.asked.clear();
    this.asked.set(f, levels);
    return levels;
  }

  /** The node with its children changed; they must stay below its level. */
  rebuilt(node: Diagram, change: (below: Diagram) => Diagram): Diagram {
    const base = this.top;
    for (let i = (this.starts[node] as number) + HEAD, end = this.starts[node + 1] as number; i < end; i += 2) {
      const child = change(this.cells[i + 1] as number);
      this.push(base, this.cells[i] as number, child);
    }
    return this.finish(this.levelOf(node), base);
  }
}

/** What leaves become in one walk, each asked for once; the first leaves, which are asked for most, without a search. */
export class LeafMemo {
  private readonly first: (Diagram | undefined)[] = [];
  private others: Map<Diagram, Diagram> | undefined;

  of(leaf: Diagram, change: (leaf: Diagram) => Diagram): Diagram {
    const place = -1 - leaf;
    const known = place < FIRST_LEAVES ? this.first[place] : this.others?.get(leaf);
    if (known !== undefined) return known;
    const result = change(leaf);
    if (place < FIRST_LEAVES) this.first[place] = result;
    else (this.others ??= new Map()).set(leaf, result);
    return result;
  }
}

const FIRST_LEAVES = 16;
/** Diagrams whose levels are kept. */
const ASKED_MAX = 64;
