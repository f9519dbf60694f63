import { leads, type Action, type Predicate } from "../predicate/index.ts";
import type { Chain, Condition, Rule, Table } from "../ruleset/index.ts";
import type { Hook } from "../xtables/index.ts";
import { ActionLowering } from "./action.ts";
import { NO, YES, type Diagram } from "./diagrams.ts";
import { Lowering, type Span, type View } from "./lower.ts";
import type { Observed } from "./observed.ts";
import type { Results } from "./outcome.ts";

/** The chains of one table as diagrams under one view, each compiled once. */
export class TableDiagrams {
  readonly table: Table;
  readonly results: Results;
  readonly lowering: Lowering;
  private readonly actions: ActionLowering;
  private readonly bodies = new Map<string, Diagram>();
  /** What a jump or goto to a chain does. */
  private readonly jumps = new Map<string, Diagram>();
  private readonly segments = new Map<string, Map<number, Diagram>>();
  private readonly matched = new Map<Rule, Diagram>();

  /** `hook` tells which end NETMAP changes; `observe` names what else leaves tell apart; `again`: packets have come over loopback. */
  constructor(table: Table, results: Results, view: View, hook: Hook, observe: Observed, again = false) {
    this.table = table;
    this.results = results;
    this.lowering = new Lowering(results.space, view);
    this.actions = new ActionLowering(results, this.lowering, hook, observe, again);
  }

  /** What a built-in chain does to packets; ends are verdicts. Accepts everything where the table has no such chain. */
  hook(hook: Hook): Diagram {
    const chain = this.table.chains.get(hook);
    if (chain === undefined) return this.results.accept;
    const policy = chain.policy === "DROP" ? this.results.drop : this.results.accept;
    const { results } = this;
    const body = results.ends(this.body(chain.name), "continue", "return");
    return results.followedBy(body, "return", results.return, policy);
  }

  /** A chain from its first rule on; `continue` and `return` are its open ends. */
  body(name: string): Diagram {
    const known = this.bodies.get(name);
    if (known !== undefined) return known;
    // Chains that are jumped to come first, without recursion: chains may be nested a thousand deep.
    const waiting = [name];
    const open = new Set<string>();
    for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
      if (this.bodies.has(top)) {
        waiting.pop();
        continue;
      }
      const missing = open.has(top) ? [] : this.called(top).filter(callee => !this.bodies.has(callee) && !open.has(callee));
      open.add(top);
      if (missing.length > 0) {
        waiting.push(...missing);
        continue;
      }
      const chain = this.table.chains.get(top);
      this.bodies.set(top, chain === undefined ? this.results.continue : this.range(chain, 0, this.reached(chain.rules)));
      waiting.pop();
    }
    return this.bodies.get(name) as Diagram;
  }

  /** The chains that packets can get to from a chain. */
  private called(name: string): string[] {
    const callees = new Set<string>();
    const rules = this.table.chains.get(name)?.rules ?? [];
    for (const { conditions, target } of rules.slice(0, this.reached(rules)))
      if (leads(target?.action) && conditions.every(({ predicate }) => !this.holdsNever(predicate))) callees.add(target.action.chain);
    return [...callees];
  }

  /** How many rules packets get to, from the first on: none behind one that takes them all away. */
  private reached(rules: readonly Rule[]): number {
    const last = rules.findIndex(rule => this.takesAll(rule));
    return last < 0 ? rules.length : last + 1;
  }

  /** Does a rule surely let no packet go on? */
  private takesAll({ conditions, target }: Rule): boolean {
    const action = target?.action;
    if (action === undefined || leads(action)) return false;
    return conditions.every(({ predicate }) => this.holdsAlways(predicate)) && !this.results.mayContinue(this.actions.result(action));
  }

  /** The rules from `low` up to `high` (from 0, `high` not included), halved again and again; what it has made is kept. */
  range(chain: Chain, low: number, high: number): Diagram {
    if (high <= low) return this.results.continue;
    let known = this.segments.get(chain.name);
    if (known === undefined) this.segments.set(chain.name, (known = new Map()));
    const key = low * (chain.rules.length + 1) + high;
    const before = known.get(key);
    if (before !== undefined) return before;
    let result: Diagram;
    if (high - low === 1) result = this.rule(chain.rules[low] as Rule);
    else {
      const middle = (low + high) >> 1;
      const left = this.range(chain, low, middle);
      // What lies behind rules that take every packet away is not looked at.
      result = this.results.mayContinue(left)
        ? this.results.followedBy(left, "continue", this.results.continue, this.range(chain, middle, high))
        : left;
    }
    known.set(key, result);
    return result;
  }

  /** What one rule does; `continue` for packets that it does not match. */
  rule(rule: Rule): Diagram {
    const { results, lowering } = this;
    const { diagrams } = results.space;
    const action = rule.target?.action;
    const quiet = rule.conditions.every(({ hotdrop }) => hotdrop === undefined);
    if (quiet && !leads(action) && this.consequence(action) === results.continue) return results.continue;
    const tests = rule.conditions.map(({ predicate }) => this.testOf(predicate));
    // A chain that the rule leads nobody to is not asked for: `called` has left it out.
    let result = tests.includes(NO) ? results.continue : this.guarded(tests, this.consequence(action));
    // A match drops packets only that those before it have let through.
    for (let i = rule.conditions.length - 1; i >= 0; i--) {
      const { hotdrop } = rule.conditions[i] as Condition;
      const hot = hotdrop === undefined ? NO : lowering.set(hotdrop);
      if (hot === NO) continue;
      const dropped = this.conjunction([...rule.conditions.slice(0, i).map(({ predicate }) => lowering.set(predicate)), hot]);
      result = diagrams.choose(dropped, results.drop, result);
    }
    return result;
  }

  /** The packets that a rule matches, hotdrops not counted. */
  matches(rule: Rule): Diagram {
    let set = this.matched.get(rule);
    if (set === undefined) {
      set = this.conjunction(rule.conditions.map(({ predicate }) => this.lowering.set(predicate)));
      this.matched.set(rule, set);
    }
    return set;
  }

  private guarded(tests: Test[], then: Diagram): Diagram {
    const { diagrams } = this.results.space;
    let result = then;
    for (const test of this.bottomUp(tests))
      result =
        typeof test === "number" || diagrams.levelOf(result) <= test.level
          ? diagrams.choose(this.asSet(test), result, this.results.continue)
          : diagrams.interval(test.level, test.low, test.high, test.last, result, this.results.continue);
    return result;
  }

  /** Neither can be said of a range of one field without its ranks, which many ask for twice. */
  private holdsAlways(predicate: Predicate): boolean {
    return !this.lowering.isSpan(predicate) && this.lowering.set(predicate) === YES;
  }

  private holdsNever(predicate: Predicate): boolean {
    return !this.lowering.isSpan(predicate) && this.lowering.set(predicate) === NO;
  }

  private testOf(predicate: Predicate): Test {
    return this.lowering.span(predicate) ?? this.lowering.set(predicate);
  }

  private asSet(test: Test): Diagram {
    return typeof test === "number" ? test : this.results.space.diagrams.interval(test.level, test.low, test.high, test.last, YES, NO);
  }

  private conjunction(sets: Diagram[]): Diagram {
    const { diagrams } = this.results.space;
    if (sets.includes(NO)) return NO;
    return this.bottomUp(sets).reduce((result, set) => diagrams.replace(set, YES, result), YES as Diagram);
  }

  /** Tests that ask for lower levels first, so that each is put on top of what is there. Sorts in place. */
  private bottomUp<Each extends Test>(sorted: Each[]): readonly Each[] {
    for (let i = 1; i < sorted.length; i++) {
      const test = sorted[i] as Each;
      const level = this.topOf(test);
      let j = i;
      for (; j > 0 && this.topOf(sorted[j - 1] as Each) < level; j--) sorted[j] = sorted[j - 1] as Each;
      sorted[j] = test;
    }
    return sorted;
  }

  private topOf(test: Test): number {
    return typeof test === "number" ? this.results.space.diagrams.levelOf(test) : test.level;
  }

  /** What becomes of a packet that a rule matches. */
  private consequence(action: Action | undefined): Diagram {
    const { results } = this;
    if (action === undefined) return results.continue;
    if (!leads(action)) return this.actions.result(action);
    const key = `${action.do} ${action.chain}`;
    let jump = this.jumps.get(key);
    if (jump === undefined) {
      const body = this.body(action.chain);
      // What runs off the end and what returns go on behind a jump; after a goto, where this chain would return to.
      jump = action.do === "jump" ? results.ends(body, "return", "continue") : results.ends(body, "continue", "return");
      this.jumps.set(key, jump);
    }
    return jump;
  }
}

/** What a rule asks: a range of one level, or a set. */
type Test = Span | Diagram;
