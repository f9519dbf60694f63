import { type TableDiagrams, NO, YES, type Diagram, type HookDiagrams, type Transform } from "../../symbolic/index.ts";
import type { Chain, Rule } from "../../ruleset/index.ts";
import { CT_STATE, always, all, any, equal, named, not, type Predicate } from "../../predicate/index.ts";
import { HOOKS, type Hook, type TableName } from "../../xtables/index.ts";
import { callersFirst, ledTo } from "./ways.ts";

/** A jump or goto, and the packets that take it. */
export interface Call {
  readonly chain: Chain;
  /** From 0. */
  readonly index: number;
  readonly goto: boolean;
  readonly packets: Diagram;
}

/**
 * The packets of one table rule by rule: N(r), those that reach it from any hook, M(r), those that it matches, and E(r), both. Earlier tables do
 * not count, so that N(r) is at least what the kernel can bring there.
 */
export class TableSets {
  readonly name: TableName;
  readonly diagrams: TableDiagrams;
  private readonly entries = new Map<string, Diagram>();
  private readonly effects = new Map<string, readonly Diagram[]>();
  private readonly callers = new Map<string, Call[]>();
  private readonly goingOn = new Map<Diagram, Diagram>();

  /** Undefined where the ruleset lacks the table. */
  static of(name: TableName, hooks: HookDiagrams): TableSets | undefined {
    const diagrams = hooks.table(name, "PREROUTING");
    return diagrams && new TableSets(name, diagrams);
  }

  private constructor(name: TableName, diagrams: TableDiagrams) {
    this.name = name;
    this.diagrams = diagrams;
    for (const chain of callersFirst(diagrams.table.chains)) {
      if (chain.hook !== undefined) this.entries.set(chain.name, diagrams.lowering.set(arriving(name, chain.hook)));
      const entry = this.entering(chain.name);
      const effects = this.changesPackets(chain) ? this.oneByOne(chain, entry) : this.fromEach(chain, entry);
      this.effects.set(chain.name, effects);
      for (const [index, rule] of chain.rules.entries()) this.noteCall(chain, index, rule, effects[index] ?? NO);
    }
  }

  /** The packets that enter a chain. */
  entering(chain: string): Diagram {
    return this.entries.get(chain) ?? NO;
  }

  matching(rule: Rule): Diagram {
    return this.diagrams.matches(rule);
  }

  /** The packets that reach a rule (from 0) and match it. */
  effective(chain: string, index: number): Diagram {
    return this.effects.get(chain)?.[index] ?? NO;
  }

  /** The rules that lead to a chain. */
  callsOf(chain: string): readonly Call[] {
    return this.callers.get(chain) ?? [];
  }

  /** Those of `set` that a segment of a chain lets go on, as they are after it. */
  passing(set: Diagram, segment: Diagram): Diagram {
    const { diagrams } = this.space;
    if (set === NO) return NO;
    const { results } = this.diagrams;
    const changing = diagrams
      .leavesOf(segment)
      .filter(leaf => results.of(leaf).ending === "continue" && results.of(leaf).transform.assignments.size > 0);
    let passed = diagrams.and(set, this.goOn(segment, changing));
    for (const leaf of changing) {
      const mine = diagrams.and(
        set,
        diagrams.mapLeaves(segment, other => (other === leaf ? YES : NO)),
      );
      passed = diagrams.or(passed, this.image(mine, results.of(leaf).transform));
    }
    return passed;
  }

  /** Where a segment lets packets go on as they are. */
  private goOn(segment: Diagram, changing: readonly Diagram[]): Diagram {
    const known = this.goingOn.get(segment);
    if (known !== undefined) return known;
    const { results } = this.diagrams;
    const set = this.space.diagrams.mapLeaves(segment, leaf =>
      results.of(leaf).ending === "continue" && !changing.includes(leaf) ? YES : NO,
    );
    this.goingOn.set(segment, set);
    return set;
  }

  /** The packets of a set after a change: exact for constants, else all that could come of it. */
  private image(set: Diagram, { assignments }: Transform): Diagram {
    const { diagrams } = this.space;
    let result = diagrams.quantify(set, level => assignments.has(level), true);
    for (const [level, to] of assignments)
      if (to.rank !== undefined)
        result = diagrams.and(result, diagrams.interval(level, to.rank, to.rank, this.space.lastRankOf(level), YES, NO));
    return result;
  }

  private get space() {
    return this.diagrams.results.space;
  }

  private changesPackets(chain: Chain): boolean {
    const { results } = this.diagrams;
    return this.space.diagrams.leavesOf(this.diagrams.body(chain.name)).some(leaf => results.of(leaf).transform.assignments.size > 0);
  }

  /** E of each rule of a chain in which packets change. */
  private oneByOne(chain: Chain, entry: Diagram): Diagram[] {
    const { diagrams } = this.space;
    let reaching = entry;
    return chain.rules.map(rule => {
      const effect = diagrams.and(reaching, this.matching(rule));
      reaching = this.passing(reaching, this.diagrams.rule(rule));
      return effect;
    });
  }

  /** E of each rule of a chain that leaves packets as they are: what it matches, less what each stretch before it keeps. */
  private fromEach(chain: Chain, entry: Diagram): Diagram[] {
    const { diagrams } = this.space;
    return chain.rules.map((rule, index) => {
      let effect = diagrams.and(this.matching(rule), entry);
      for (const segment of this.before(chain, index)) {
        if (effect === NO) break;
        effect = diagrams.and(effect, this.goOn(segment, []));
      }
      return effect;
    });
  }

  /** The stretches that make up a chain up to a rule, in order. */
  before(chain: Chain, index: number): readonly Diagram[] {
    const segments: Diagram[] = [];
    let low = 0;
    let high = chain.rules.length;
    while (low < index) {
      if (high <= index) {
        segments.push(this.diagrams.range(chain, low, high));
        break;
      }
      const middle = (low + high) >> 1;
      if (middle <= index) {
        segments.push(this.diagrams.range(chain, low, middle));
        low = middle;
      } else high = middle;
    }
    return segments;
  }

  /** The stretches that make up a chain from a rule on, in order. */
  behind(chain: Chain, index: number): readonly Diagram[] {
    const segments: Diagram[] = [];
    let low = 0;
    let high = chain.rules.length;
    while (low < high && index < high) {
      if (index <= low) {
        segments.push(this.diagrams.range(chain, low, high));
        break;
      }
      const middle = (low + high) >> 1;
      if (index < middle) {
        segments.push(this.diagrams.range(chain, middle, high));
        high = middle;
      } else low = middle;
    }
    return segments.toReversed();
  }

  private noteCall(chain: Chain, index: number, rule: Rule, packets: Diagram): void {
    const to = ledTo(rule);
    if (to === undefined || packets === NO) return;
    const calls = this.callers.get(to);
    const call: Call = { chain, index, goto: rule.target?.action.do === "goto", packets };
    if (calls) calls.push(call);
    else this.callers.set(to, [call]);
    this.entries.set(to, this.space.diagrams.or(this.entering(to), packets));
  }
}

/** What the kernel brings to a table at a hook: interfaces there are, and what tracking can have said. */
export function arriving(table: TableName, hook: Hook): Predicate {
  const states: Predicate =
    // What comes over loopback, and what the kernel makes in answer, has its connection already. Kernel: nf_conntrack_core.c, nf_conntrack_in.
    table === "raw" && hook === "PREROUTING"
      ? any(equal("ctstate", CT_STATE.INVALID), equal("ctstate", CT_STATE.UNTRACKED), named("iif", "lo"))
      : table === "nat"
        ? any(equal("ctstate", CT_STATE.NEW), equal("ctstate", CT_STATE.RELATED))
        : always;
  return all(...INTERFACES[hook], states);
}

const NO_INPUT = named("iif", "");
const NO_OUTPUT = named("oif", "");
const INTERFACES: Readonly<Record<Hook, readonly Predicate[]>> = {
  PREROUTING: [not(NO_INPUT), NO_OUTPUT],
  INPUT: [not(NO_INPUT), NO_OUTPUT],
  FORWARD: [not(NO_INPUT), not(NO_OUTPUT)],
  OUTPUT: [NO_INPUT, not(NO_OUTPUT)],
  // A packet of this machine comes from no interface, and routed ones have lost theirs.
  POSTROUTING: [not(NO_OUTPUT)],
};

/** Constants that the sets need told apart. */
export const ARRIVALS: readonly Predicate[] = HOOKS.flatMap(hook => INTERFACES[hook]);
