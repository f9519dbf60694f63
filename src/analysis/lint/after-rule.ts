import { NO, YES, type Diagram, type Result, UNCHANGED, type Reach } from "../../symbolic/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import type { Matter } from "./matter.ts";
import { ledTo } from "./ways.ts";

/** Stretches of chains that are walked for one answer at most. */
const MOST_STEPS = 256;

/** The rules of one chain that count, put in from the last to the first, in stretches that double in size. */
export class KeptRules {
  private readonly sets: Reach;
  private readonly chain: Chain;
  private readonly kept: { readonly size: number; readonly diagram: Diagram }[] = [];

  constructor(sets: Reach, chain: Chain) {
    this.sets = sets;
    this.chain = chain;
  }

  /** Puts a rule before those that are in already. */
  keep(index: number): void {
    const { results } = this.sets;
    let next = { size: 1, diagram: this.sets.diagrams.rule(this.chain.rules[index] as Rule) };
    for (let behind = this.kept.at(-1); behind !== undefined && behind.size <= next.size; behind = this.kept.at(-1)) {
      this.kept.pop();
      next = { size: next.size + behind.size, diagram: results.followedBy(next.diagram, "continue", results.continue, behind.diagram) };
    }
    this.kept.push(next);
  }

  /** What is in, in the order that packets meet it. */
  stretches(): readonly Diagram[] {
    return this.kept.toReversed().map(({ diagram }) => diagram);
  }
}

/** How packets end in a table when they come to some stretches of a chain: walks on through the chains that led there. */
export class AfterRule {
  private readonly matter: Matter;
  private readonly sets: Reach;
  private readonly outside: Diagram;
  private readonly leading = new Map<string, Set<string>>();
  private readonly last = new Map<string, number>();

  constructor(matter: Matter, sets: Reach) {
    this.matter = matter;
    this.sets = sets;
    this.outside = matter.results.leaf("unknown", UNCHANGED, "elsewhere");
  }

  /** Do all packets of a set come to that end, without the chain being entered again? No where it takes too long to tell. */
  allEnd(chain: Chain, stretches: readonly Diagram[], set: Diagram, end: string): boolean {
    return this.walk(chain, stretches, set, { end, chain: chain.name, left: MOST_STEPS });
  }

  /** The last rule (from 0) of a chain that leads to another one, if only through others; -1 for none. */
  private lastCall(caller: Chain, name: string): number {
    const key = `${caller.name} ${name}`;
    let last = this.last.get(key);
    if (last === undefined) {
      const leading = this.leadingTo(name);
      last = caller.rules.findLastIndex(rule => leading.has(ledTo(rule) ?? ""));
      this.last.set(key, last);
    }
    return last;
  }

  /** The chain and all chains that lead to it. */
  private leadingTo(name: string): ReadonlySet<string> {
    let known = this.leading.get(name);
    if (known === undefined) {
      known = new Set([name]);
      for (const chain of known) for (const site of this.sets.callers.get(chain) ?? []) known.add(site.chain.name);
      this.leading.set(name, known);
    }
    return known;
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
      // Behind the call the rule itself may be met again.
      if (!goto && this.lastCall(caller, wish.chain) > index) return false;
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
  /** The chain that packets must not be led to again. */
  readonly chain: string;
  left: number;
}

/** An end as text: the same text is the same end. */
export const endText = ({ ending, detail, transform }: Result): string => `${ending} ${detail} ${transform.key}`;
