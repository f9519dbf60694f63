import type { Field } from "../predicate/index.ts";
import type { Diagram } from "./diagrams.ts";
import type { Space } from "./space.ts";
import { composed, substituted, UNCHANGED, type Transform } from "./transform.ts";

/** How a way through a chain, a table or a hook ends. `unknown` is a target that nobody knows; `elsewhere`: routing takes the packet to another path. */
export type Ending = "continue" | "return" | "accept" | "drop" | "reject" | "queue" | "unknown" | "elsewhere";

/** What a leaf of a chain's diagram stands for. */
export interface Result {
  readonly ending: Ending;
  /** `icmp-port-unreachable`, the number of a queue, the name of an unknown target; else empty. */
  readonly detail: string;
  readonly transform: Transform;
}

/** Leaves for results, and what becomes of diagrams when one follows the other. */
export class Results {
  readonly space: Space;
  readonly continue: Diagram;
  readonly return: Diagram;
  readonly accept: Diagram;
  readonly drop: Diagram;
  /** What `behind` has made, by transform. */
  private readonly later = new Map<Transform, Map<Diagram, Diagram>>();
  /** Leaves that change packets, by how they end. */
  private readonly changed = new Map<Ending, Diagram[]>();
  /** Bits of the leaves that change packets. */
  private changedMask = 0;
  /** What follows what, by the leaf that it takes the place of and by the two diagrams. */
  private readonly joined: Map<Diagram, Map<number, Diagram>> | undefined;

  /** `several`: rulesets that have much in common are looked at one after the other, so that what was put together once is remembered. */
  constructor(space: Space, several = false) {
    this.space = space;
    this.joined = several ? new Map() : undefined;
    // The first leaves have a bit of the mask for themselves.
    this.continue = this.leaf("continue");
    this.return = this.leaf("return");
    this.accept = this.leaf("accept");
    this.drop = this.leaf("drop");
  }

  leaf(ending: Ending, transform: Transform = UNCHANGED, detail = ""): Diagram {
    const result: Result = { ending, detail, transform };
    const leaf = this.space.leaf(transform.key, result, `${ending} ${detail}`);
    if (transform !== UNCHANGED && this.of(leaf) === result) this.noteChanged(ending, leaf);
    return leaf;
  }

  private noteChanged(ending: Ending, leaf: Diagram): void {
    this.changedMask |= this.space.diagrams.maskOf(leaf);
    const leaves = this.changed.get(ending);
    if (leaves) leaves.push(leaf);
    else this.changed.set(ending, [leaf]);
  }

  of(leaf: Diagram): Result {
    return this.space.valueOf(leaf) as Result;
  }

  /** What follows a transform, asked by packets before it, with what the transform does in its leaves; remembered. */
  private behind(transform: Transform, seen: Diagram): Diagram {
    if (seen < 0) return this.changedToo(transform, seen);
    let known = this.later.get(transform);
    if (known === undefined) this.later.set(transform, (known = new Map()));
    let result = known.get(seen);
    if (result === undefined) known.set(seen, (result = this.alsoChanged(transform, seen)));
    return result;
  }

  private alsoChanged(transform: Transform, seen: Diagram): Diagram {
    return this.space.diagrams.mapLeaves(seen, leaf => this.changedToo(transform, leaf));
  }

  private changedToo(first: Transform, leaf: Diagram): Diagram {
    const { ending, detail, transform } = this.of(leaf);
    return this.leaf(ending, composed(first, transform), detail);
  }

  /** `f`, and where it ends as asked, `g` after it. */
  followedBy(f: Diagram, ending: Ending, plain: Diagram, g: Diagram): Diagram {
    if (this.joined === undefined || f < 0) return this.join(f, ending, plain, g);
    let known = this.joined.get(plain);
    if (known === undefined) this.joined.set(plain, (known = new Map()));
    const key = 2 * NUMBERS * f + NUMBERS + g;
    let result = known.get(key);
    if (result === undefined) known.set(key, (result = this.join(f, ending, plain, g)));
    return result;
  }

  private join(f: Diagram, ending: Ending, plain: Diagram, g: Diagram): Diagram {
    const { diagrams } = this.space;
    if ((diagrams.maskOf(f) & this.changedMask) === 0) return diagrams.replace(f, plain, g);
    const others = this.changedIn(f, ending);
    if (others.length === 0) return diagrams.replace(f, plain, g);
    const [only] = others;
    // What changed comes first: nothing behind it is as it was.
    if (others.length === 1 && only !== undefined) return diagrams.replace(this.joinedAt(f, only, g), plain, g);
    if (others.length > FEW) return this.followedByMany(f, ending, g, g);
    // All at once for the plain ones, one after the other for those that changed something; marks keep what comes in apart.
    let result = diagrams.mapLeaves(f, leaf =>
      this.of(leaf).ending === ending ? this.space.leaf(`pending ${leaf}`, this.of(leaf)) : leaf,
    );
    for (const leaf of [plain, ...others]) result = this.joinedAt(result, this.space.leaf(`pending ${leaf}`, this.of(leaf)), g);
    return result;
  }

  /** `f`, and where it ends in a leaf, `g` after what the leaf does; only what packets that get there meet of `g` is looked at. */
  private joinedAt(f: Diagram, leaf: Diagram, g: Diagram): Diagram {
    const { diagrams } = this.space;
    const { transform } = this.of(leaf);
    if (transform === UNCHANGED) return diagrams.replace(f, leaf, g);
    return diagrams.replaceBy(f, leaf, substituted(this.space, g, transform), part => this.behind(transform, part));
  }

  /**
   * The same for many leaves that change packets. What `f` asks first of all, state and protocol, is known to `g` from there on, so that what comes
   * after each leaf stays small.
   */
  private followedByMany(f: Diagram, ending: Ending, g: Diagram, known: Diagram): Diagram {
    const { diagrams } = this.space;
    const top = diagrams.levelOf(f);
    if (f >= 0 && this.isEarly(top)) {
      const edges = Array.from(
        { length: this.space.lastRankOf(top) + 1 },
        (_, rank) => [rank, this.followedByMany(diagrams.child(f, rank), ending, g, diagrams.restrict(known, top, rank))] as const,
      );
      return diagrams.caseOf(top, edges);
    }
    return diagrams.bind(f, leaf => {
      const result = this.of(leaf);
      if (result.ending !== ending) return leaf;
      const early = result.transform.changes.some(({ level }) => this.isEarly(level));
      const behind = early ? g : known;
      return result.transform === UNCHANGED
        ? behind
        : this.alsoChanged(result.transform, substituted(this.space, behind, result.transform));
    });
  }

  private isEarly(number: number): boolean {
    const level = this.space.levels[number];
    return level?.is === "field" && EARLY.has(level.field);
  }

  /** Leaves of an end that change packets and that a diagram may reach. */
  private changedIn(f: Diagram, ending: Ending): Diagram[] {
    const { diagrams } = this.space;
    const mask = diagrams.maskOf(f);
    const leaves = this.changed.get(ending);
    if (leaves === undefined || (mask & this.changedMask) === 0) return [];
    return leaves.filter(leaf => (mask & diagrams.maskOf(leaf)) !== 0);
  }

  /** Can a packet get to the end of what a diagram is made of? Yes also where that is not known. */
  mayContinue(f: Diagram): boolean {
    const { diagrams } = this.space;
    return (diagrams.maskOf(f) & (diagrams.maskOf(this.continue) | this.changedMask)) !== 0;
  }

  /** Ends of one kind become ends of another. */
  ends(f: Diagram, from: Ending, to: Ending): Diagram {
    const { diagrams } = this.space;
    if (this.changedIn(f, from).length === 0) return diagrams.replace(f, this.leaf(from), this.leaf(to));
    return this.space.diagrams.mapLeaves(f, leaf => {
      const { ending, detail, transform } = this.of(leaf);
      return ending === from ? this.leaf(to, transform, detail) : leaf;
    });
  }
}

const EARLY: ReadonlySet<Field> = new Set(["ctstate", "ctdir", "protocol"]);

/** More than there are diagrams, leaves or nodes. */
const NUMBERS = 2 ** 25;

/** So many kinds of changed packets are followed one by one. */
const FEW = 8;
