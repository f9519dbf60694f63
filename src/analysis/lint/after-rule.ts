import { NO, YES, type Diagram, UNCHANGED, type Reach } from "../../symbolic/index.ts";
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
        diagram: results.then(next.diagram, "continue", results.continue, behind.diagram),
      };
    }
    stretches.push(next);
  }

  private stretches(chain: Chain): Stretch[] {
    let stretches = this.kept.get(chain.name);
    if (stretches === undefined) this.kept.set(chain.name, (stretches = []));
    return stretches;
  }

  /** The ends of packets that set out before the rules of the chain that count so far; undefined where that takes too long. */
  ends(chain: Chain, set: Diagram): ReadonlySet<string> | undefined {
    const ends = new Set<string>();
    const work = { left: MOST_STEPS };
    this.walk(
      chain,
      this.stretches(chain)
        .toReversed()
        .map(({ diagram }) => diagram),
      set,
      ends,
      work,
    );
    return work.left < 0 ? undefined : ends;
  }

  private walk(chain: Chain, segments: readonly Diagram[], set: Diagram, ends: Set<string>, work: { left: number }): void {
    const { results } = this.matter;
    const { diagrams } = this.matter.space;
    let open = set;
    for (const segment of segments) {
      if (open === NO) return;
      if (--work.left < 0) return;
      const run = diagrams.choose(open, segment, this.outside);
      open = NO;
      for (const leaf of diagrams.leavesOf(run)) {
        if (leaf === this.outside) continue;
        const { ending, detail, transform } = results.of(leaf);
        if (ending === "continue" || ending === "return") {
          const mine = diagrams.mapLeaves(run, other => (other === leaf ? YES : NO));
          // Packets that a rule changes are followed no further.
          if (transform.assignments.size > 0) work.left = -1;
          if (ending === "continue") open = diagrams.or(open, mine);
          else this.leave(chain, mine, ends, work);
        } else ends.add(`${ending} ${detail} ${transform.key}`);
      }
    }
    if (open !== NO) this.leave(chain, open, ends, work);
  }

  /** Packets that come to the end of a chain: the policy has them, or the rules behind those that led here. */
  private leave(chain: Chain, set: Diagram, ends: Set<string>, work: { left: number }): void {
    const { results } = this.matter;
    const { diagrams } = this.matter.space;
    if (chain.hook !== undefined) {
      const { ending, detail, transform } = results.of(chain.policy === "DROP" ? results.drop : results.accept);
      ends.add(`${ending} ${detail} ${transform.key}`);
      return;
    }
    for (const { chain: caller, index, goto } of this.sets.callers.get(chain.name) ?? []) {
      if (--work.left < 0) return;
      const mine = diagrams.and(set, this.sets.rule(caller, index).effective);
      if (mine === NO) continue;
      if (goto) this.leave(caller, mine, ends, work);
      else this.walk(caller, this.sets.stretches(caller, index + 1, caller.rules.length), mine, ends, work);
    }
  }
}

interface Stretch {
  readonly size: number;
  readonly first: number;
  readonly diagram: Diagram;
}
