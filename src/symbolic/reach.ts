import type { Chain, Rule, Ruleset } from "../ruleset/index.ts";
import { HOOKS, type TableName } from "../xtables/index.ts";
import { arriving } from "./arrival.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import type { TableDiagrams } from "./chain.ts";
import { clientView, HookDiagrams } from "./hooks.ts";
import { Lowering } from "./lower.ts";
import type { Results } from "./outcome.ts";
import type { Space } from "./space.ts";
import { substituted } from "./transform.ts";

/** What packets a rule sees: sets of packets as they are when they enter the rule's chain. */
export interface RuleReach {
  /** Packets that come to the rule. */
  readonly reaching: Diagram;
  /** Packets that it would match. */
  readonly matching: Diagram;
  /** Packets that come to it and match: none for a rule that is dead. */
  readonly effective: Diagram;
}

/** A place in a table where a chain is called. */
export interface CallSite {
  readonly chain: Chain;
  /** From 0. */
  readonly index: number;
  readonly goto: boolean;
}

/**
 * Which packets come to which rule of one table, fragments too and of all states of connections; what tables before it drop is not counted. Everything is
 * computed from the rule's own packets backwards, through halves of its chain, so that a rule costs little however long its chain is.
 */
export class Reach {
  readonly space: Space;
  readonly results: Results;
  readonly diagrams: TableDiagrams;
  /** Call sites of each chain. */
  readonly callers: Map<string, CallSite[]> = new Map();
  private readonly entered = new Map<string, Diagram>();
  private readonly passing = new Map<Diagram, Diagram>();
  private readonly rules = new Map<Rule, RuleReach>();

  private constructor(results: Results, diagrams: TableDiagrams) {
    this.space = results.space;
    this.results = results;
    this.diagrams = diagrams;
    this.findCallers();
    this.enter();
  }

  /** The reach of a table's rules; undefined where the ruleset has no such table. */
  static of(ruleset: Ruleset, table: TableName, results: Results): Reach | undefined {
    const hooks = new HookDiagrams(ruleset, results, clientView(results.space, false));
    const diagrams = hooks.table(table, "PREROUTING", true);
    return diagrams && new Reach(results, diagrams);
  }

  /** The stretches that the rules from one up to another (from 0, not included) are made of, in order. */
  stretches(chain: Chain, from: number, to: number): Diagram[] {
    const found: Diagram[] = [];
    const visit = (low: number, high: number): void => {
      if (to <= low || high <= from) return;
      if (from <= low && high <= to) {
        found.push(this.diagrams.range(chain, low, high));
        return;
      }
      const middle = (low + high) >> 1;
      visit(low, middle);
      visit(middle, high);
    };
    if (chain.rules.length > 0) visit(0, chain.rules.length);
    return found;
  }

  /** Packets that enter a chain from any hook. */
  entering(chain: string): Diagram {
    return this.entered.get(chain) ?? NO;
  }

  /** What one rule sees; `index` from 0. */
  rule(chain: Chain, index: number): RuleReach {
    const rule = chain.rules[index] as Rule;
    let result = this.rules.get(rule);
    if (result === undefined) {
      const matching = this.diagrams.matches(rule);
      const entering = this.entering(chain.name);
      const { diagrams } = this.space;
      const effective = entering === NO ? NO : diagrams.and(entering, this.before(chain, 0, chain.rules.length, index, matching));
      const reaching = (): Diagram => diagrams.and(entering, this.before(chain, 0, chain.rules.length, index, YES));
      result = lazy(reaching, matching, effective);
      this.rules.set(rule, result);
    }
    return result;
  }

  /** Packets that, from `low` on, come to `index` as members of a set; `high` ends the segment that holds it. */
  private before(chain: Chain, low: number, high: number, index: number, set: Diagram): Diagram {
    if (set === NO || index <= low) return set;
    if (index >= high) return this.through(this.diagrams.range(chain, low, high), set);
    const middle = (low + high) >> 1;
    if (index <= middle) return this.before(chain, low, middle, index, set);
    return this.before(chain, low, middle, index, this.before(chain, middle, high, index, set));
  }

  /** Packets that a segment lets go on, and that are then in a set. */
  private through(segment: Diagram, set: Diagram): Diagram {
    const { diagrams } = this.space;
    const open = diagrams.leavesOf(segment).filter(leaf => this.results.of(leaf).ending === "continue");
    if (open.every(leaf => leaf === this.results.continue)) {
      let passing = this.passing.get(segment);
      if (passing === undefined) {
        passing = diagrams.endingIn(segment, [this.results.continue]);
        this.passing.set(segment, passing);
      }
      return diagrams.and(passing, set);
    }
    let result: Diagram = NO;
    for (const leaf of open) {
      const here = diagrams.endingIn(segment, [leaf]);
      result = diagrams.or(result, diagrams.and(here, substituted(this.space, set, this.results.of(leaf).transform)));
    }
    return result;
  }

  private findCallers(): void {
    for (const chain of this.diagrams.table.chains.values())
      for (const [index, { target }] of chain.rules.entries()) {
        const action = target?.action;
        if (action?.do !== "jump" && action?.do !== "goto") continue;
        const sites = this.callers.get(action.chain);
        const site = { chain, index, goto: action.do === "goto" };
        if (sites) sites.push(site);
        else this.callers.set(action.chain, [site]);
      }
  }

  /** Chains in an order in which callers come first; what each call site sends in is joined. */
  private enter(): void {
    const { table } = this.diagrams;
    const lowering = new Lowering(this.space, this.diagrams.lowering.view);
    for (const hook of HOOKS) if (table.chains.has(hook)) this.entered.set(hook, lowering.set(arriving(table.name, hook)));
    const { diagrams } = this.space;
    for (const name of this.callersFirst()) {
      const chain = table.chains.get(name);
      if (chain === undefined || this.entering(name) === NO) continue;
      for (const [index, { target }] of chain.rules.entries()) {
        const action = target?.action;
        if (action?.do !== "jump" && action?.do !== "goto") continue;
        const { effective } = this.rule(chain, index);
        this.entered.set(action.chain, diagrams.or(this.entering(action.chain), this.forgotten(effective)));
      }
    }
  }

  /** Fields that rules of the table change may have another value by then. */
  private forgotten(set: Diagram): Diagram {
    const { diagrams } = this.space;
    const changed = this.changedLevels();
    return changed.size === 0 ? set : diagrams.quantify(set, level => changed.has(level), true);
  }

  private changed: Set<number> | undefined;

  private changedLevels(): Set<number> {
    if (this.changed === undefined) {
      this.changed = new Set();
      for (const chain of this.diagrams.table.chains.values())
        for (const rule of chain.rules) {
          const action = rule.target?.action;
          if (action === undefined || action.do === "jump" || action.do === "goto") continue;
          for (const leaf of this.space.diagrams.leavesOf(this.diagrams.rule(rule))) {
            const { ending, transform } = this.results.of(leaf);
            if (ending === "continue") for (const { level } of transform.changes) this.changed.add(level);
          }
        }
    }
    return this.changed;
  }

  private callersFirst(): string[] {
    const order: string[] = [];
    const state = new Map<string, "open" | "done">();
    const { chains } = this.diagrams.table;
    for (const start of chains.keys()) {
      const waiting = [start];
      for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
        if (state.get(top) === "done") {
          waiting.pop();
          continue;
        }
        const next = state.has(top)
          ? []
          : (chains.get(top)?.rules ?? [])
              .flatMap(({ target }) => (target?.action.do === "jump" || target?.action.do === "goto" ? [target.action.chain] : []))
              .filter(name => !state.has(name));
        if (next.length > 0) {
          state.set(top, "open");
          waiting.push(...next);
          continue;
        }
        state.set(top, "done");
        order.push(top);
        waiting.pop();
      }
    }
    return order.toReversed();
  }

  /**
   * What finally becomes of packets of a set that go on behind a rule of a chain: the verdicts of this table, call sites followed. Sets are in
   * coordinates of the chain's entry. `more` ends the search early when it says no.
   */
  fates(chain: Chain, from: number, set: Diagram): ReadonlySet<string> {
    const found = new Set<string>();
    const seen = new Set<string>();
    const visit = (at: Chain, index: number, packets: Diagram): void => {
      const key = `${at.name} ${index} ${packets}`;
      if (packets === NO || seen.has(key)) return;
      seen.add(key);
      const { diagrams } = this.space;
      const rest = this.diagrams.range(at, index, at.rules.length);
      const ends = diagrams.choose(packets, rest, this.outside);
      let open: Diagram = NO;
      for (const leaf of diagrams.leavesOf(ends)) {
        if (leaf === this.outside) continue;
        const { ending, detail } = this.results.of(leaf);
        if (ending === "continue" || ending === "return") open = diagrams.or(open, diagrams.endingIn(ends, [leaf]));
        else found.add(detail === "" ? ending : `${ending} ${detail}`);
      }
      if (open === NO) return;
      if (at.hook !== undefined) found.add(at.policy === "DROP" ? "drop" : "accept");
      else
        for (const site of this.callers.get(at.name) ?? []) {
          // A goto does not come back: its chain returns to where the caller would.
          const coming = diagrams.and(open, this.rule(site.chain, site.index).effective);
          visit(site.chain, site.goto ? site.chain.rules.length : site.index + 1, coming);
        }
    };
    visit(chain, from, set);
    return found;
  }

  private get outside(): Diagram {
    return this.space.leaf("outside", { ending: "continue", detail: "outside", transform: undefined });
  }
}

/** Computes what comes to a rule only when it is asked for. */
function lazy(reaching: () => Diagram, matching: Diagram, effective: Diagram): RuleReach {
  let known: Diagram | undefined;
  return {
    get reaching() {
      return (known ??= reaching());
    },
    matching,
    effective,
  };
}
