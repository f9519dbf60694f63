import { NO, YES, type Diagram, type Result, UNCHANGED, type Reach } from "../../symbolic/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import type { Matter } from "./matter.ts";

/** Stretches of chains that are walked for one answer at most. */
const MOST_STEPS = 256;

/**
 * How packets end in a table when they come behind a rule: walks on through the rest of its chain and of the chains that led there. Rules that
 * were taken out are not asked.
 */
export class AfterRule {
  private readonly matter: Matter;
  private readonly sets: Reach;
  private readonly outside: Diagram;
  /** Rules of each chain that still count, last first, in stretches. */
  private readonly kept = new Map<string, Stretch[]>();

  constructor(matter: Matter, sets: Reach) {
    this.matter = matter;
    this.sets = sets;
    this.outside = matter.results.leaf("unknown", UNCHANGED, "elsewhere");
  }

  /** Puts a rule before those of its chain that count already: rules must come from the last to the first. */
  keep(chain: Chain, index: number): void {
    const rule = chain.rules[index] as Rule;
    const stretches = this.stretches(chain);
    let next: Stretch = { size: 1, first: index, diagram: this.sets.diagrams.rule(rule) };
    for (let behind = stretches.at(-1); behind !== undefined && behind.size <= next.size; behind = stretches.at(-1)) {
      stretches.pop();
      const { results } = this.matter;
      next = {
        size: next.size + behind.size,
        first: next.first,
        diagram: results.followedBy(next.diagram, "continue", results.continue, behind.diagram),
      };
    }
    stretches.push(next);
  }

  private stretches(chain: Chain): Stretch[] {
    let stretches = this.kept.get(chain.name);
    if (stretches === undefined) this.kept.set(chain.name, (stretches = []));
    return stretches;
  }

  /** Do all packets that set out before the rules of the chain that count so far come to that end? No where it takes too long to tell. */
  allEnd(chain: Chain, set: Diagram, end: string): boolean {
    const stretches = this.stretches(chain)
      .toReversed()
      .map(({ diagram }) => diagram);
    return this.walk(chain, stretches, set, { end, left: MOST_STEPS });
  }

  private walk(chain: Chain, stretches: readonly Diagram[], set: Diagram, wish: Wish): boolean {
    const { results } = this.matter;
    const { diagrams } = this.matter.space;
    let open = set;
    let returning: Diagram = NO;
    for (const stretch of stretches) {
      if (open === NO) break;
      if (--wish.left < 0) return false;
      const run = diagrams.choose(open, stretch, this.outside);
      open = NO;
      for (const leaf of diagrams.leavesOf(run)) {
        if (leaf === this.outside) continue;
        const { ending, transform } = results.of(leaf);
        if (ending !== "continue" && ending !== "return") {
          if (endText(results.of(leaf)) !== wish.end) return false;
          continue;
        }
        // Packets that a rule changes are followed no further.
        if (transform.assignments.size > 0) return false;
        const mine = diagrams.mapLeaves(run, other => (other === leaf ? YES : NO));
        if (ending === "continue") open = diagrams.or(open, mine);
        else returning = diagrams.or(returning, mine);
      }
    }
    const left = diagrams.or(open, returning);
    return left === NO || this.leave(chain, left, wish);
  }

  /** Packets that come to the end of a chain: the policy has them, or the rules behind those that led here. */
  private leave(chain: Chain, set: Diagram, wish: Wish): boolean {
    const { results } = this.matter;
    if (chain.hook !== undefined) return endText(results.of(chain.policy === "DROP" ? results.drop : results.accept)) === wish.end;
    for (const { chain: caller, index, goto } of this.sets.callers.get(chain.name) ?? []) {
      if (--wish.left < 0) return false;
      const mine = this.matter.space.diagrams.and(set, this.sets.rule(caller, index).effective);
      if (mine === NO) continue;
      const same = goto
        ? this.leave(caller, mine, wish)
        : this.walk(caller, this.sets.stretches(caller, index + 1, caller.rules.length), mine, wish);
      if (!same) return false;
    }
    return true;
  }
}

/** The end that is asked for, and how many more stretches may be walked. */
interface Wish {
  readonly end: string;
  left: number;
}

/** An end as text: the same text is the same end. */
export const endText = ({ ending, detail, transform }: Result): string => `${ending} ${detail} ${transform.key}`;

interface Stretch {
  readonly size: number;
  readonly first: number;
  readonly diagram: Diagram;
}
