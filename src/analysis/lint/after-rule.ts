import { NO, YES, type Diagram, type Result, UNCHANGED, type Reach } from "../../symbolic/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { haveCommon } from "./common-member.ts";
import type { Matter } from "./matter.ts";
import { ledTo } from "./ways.ts";

/** Stretches of other chains that are walked for the rules of one chain at most. */
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

/** How packets end in a table when they come to some stretches of a chain: what becomes of those that leave a chain is worked out once for each. */
export class AfterRule {
  private readonly matter: Matter;
  private readonly sets: Reach;
  private readonly outside: Diagram;
  private readonly leading = new Map<string, Set<string>>();
  private readonly last = new Map<string, number>();
  private readonly leaving = new Map<string, Diagram>();
  /** How many more stretches may be walked for each chain. */
  private readonly left = new Map<string, number>();

  constructor(matter: Matter, sets: Reach) {
    this.matter = matter;
    this.sets = sets;
    this.outside = matter.results.leaf("unknown", UNCHANGED, "elsewhere");
  }

  /** Do all packets of a set come to that end, without the chain being entered again? No where it takes too long to tell. */
  allEnd(chain: Chain, stretches: readonly Diagram[], set: Diagram, end: string): boolean {
    const { diagrams } = this.matter.space;
    const { open, other } = this.walk(stretches, set, end, true);
    return other === NO && !haveCommon(diagrams, open, this.leave(chain, end, chain.name));
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

  /** What stretches let go on or return, and what comes to another end there or is changed; `first`: one of the latter is enough. */
  private walk(stretches: readonly Diagram[], set: Diagram, end: string, first: boolean): Walked {
    const { results } = this.matter;
    const { diagrams } = this.matter.space;
    let open = set;
    let returning: Diagram = NO;
    let other: Diagram = NO;
    for (const stretch of stretches) {
      if (open === NO || (first && other !== NO)) break;
      const run = diagrams.choose(open, stretch, this.outside);
      const sort = new Map<Diagram, "continue" | "return" | "other">();
      for (const leaf of diagrams.leavesOf(run)) {
        const { ending, transform } = results.of(leaf);
        const goes = ending === "continue" || ending === "return";
        // Packets that a rule changes are followed no further.
        if (leaf !== this.outside && goes) sort.set(leaf, transform.changes.length > 0 ? "other" : ending);
        else if (leaf !== this.outside && endText(results.of(leaf)) !== end) sort.set(leaf, "other");
      }
      const those = (wanted: string): Diagram =>
        [...sort.values()].includes(wanted as "other") ? diagrams.mapLeaves(run, leaf => (sort.get(leaf) === wanted ? YES : NO)) : NO;
      open = those("continue");
      returning = diagrams.or(returning, those("return"));
      other = diagrams.or(other, those("other"));
    }
    return { open: diagrams.or(open, returning), other };
  }

  /**
   * Packets that come to another end, or nobody knows to which, when they leave a chain: by its policy, or by the rules behind those that led to
   * it. `start` is the chain that must not be entered again.
   */
  private leave(chain: Chain, end: string, start: string): Diagram {
    const { results } = this.matter;
    if (chain.hook !== undefined) return endText(results.of(chain.policy === "DROP" ? results.drop : results.accept)) === end ? NO : YES;
    const key = `${chain.name} ${start} ${end}`;
    let known = this.leaving.get(key);
    if (known === undefined) {
      known = this.leaveBySites(chain, end, start);
      this.leaving.set(key, known);
    }
    return known;
  }

  private leaveBySites(chain: Chain, end: string, start: string): Diagram {
    const { diagrams } = this.matter.space;
    let result: Diagram = NO;
    for (const { chain: caller, index, goto } of this.sets.callers.get(chain.name) ?? []) {
      const stretches = goto ? [] : this.sets.stretches(caller, index + 1, caller.rules.length);
      const left = (this.left.get(start) ?? MOST_STEPS) - stretches.length - 1;
      this.left.set(start, left);
      if (left < 0) return YES;
      const { effective } = this.sets.rule(caller, index);
      if (effective === NO) continue;
      // Behind the call the rule itself may be met again.
      const again = !goto && this.lastCall(caller, start) > index;
      const { open, other } = again ? { open: NO, other: effective } : this.walk(stretches, effective, end, false);
      const astray = open === NO ? NO : diagrams.and(open, this.leave(caller, end, start));
      result = diagrams.or(result, diagrams.or(other, astray));
    }
    return result;
  }
}

/** What becomes of packets behind some stretches of a chain. */
interface Walked {
  /** They come to the end of the chain. */
  readonly open: Diagram;
  /** They have come to another end than the one that is asked for, or are changed. */
  readonly other: Diagram;
}

/** An end as text: the same text is the same end. */
export const endText = ({ ending, detail, transform }: Result): string => `${ending} ${detail} ${transform.key}`;
