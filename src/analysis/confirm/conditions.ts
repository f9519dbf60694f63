import { all, any, memberText, not, opaque, type Facts, type Opaque, type Predicate } from "../../predicate/index.ts";
import type { PacketSpec } from "../../packet/index.ts";
import type { Chain, Rule, Ruleset, Table } from "../../ruleset/index.ts";
import { conditionKeys } from "../../symbolic/index.ts";
import type { Condition } from "../witness.ts";

/** A ruleset whose undecided conditions come out as is supposed, one supposition after the other; those that nobody speaks of stay what they are. */
export interface Supposable {
  /** The very ruleset that was given, where it has no such conditions. */
  readonly ruleset: Ruleset;
  /** From now on these hold or do not hold; `opener` tells the client's packets from the server's where nothing is tracked. */
  suppose(conditions: readonly Condition[], opener?: PacketSpec): void;
}

/** Makes a ruleset supposable: opaque conditions, looks into sets and what only surroundings decide are asked of the supposition first. */
export function supposable(ruleset: Ruleset): Supposable {
  const answers = new Answers();
  const mending = new Mending(conditionKeys(ruleset), answers);
  return {
    ruleset: mending.ruleset(ruleset),
    suppose(conditions, opener) {
      answers.suppose(conditions, opener);
    },
  };
}

/** The ruleset under one supposition. */
export function supposeConditions(ruleset: Ruleset, supposed: readonly Condition[], opener?: PacketSpec): Ruleset {
  if (supposed.length === 0) return ruleset;
  const result = supposable(ruleset);
  result.suppose(supposed, opener);
  return result.ruleset;
}

/** 0 for packets of the client, 1 for those of the server. */
type Side = 0 | 1;

/** What is supposed just now. */
class Answers {
  private readonly byKey = new Map<string, boolean>();
  private readonly byText = new Map<string, boolean>();
  /** Suppositions without a key: all conditions that say the same. */
  private readonly keyless = new Map<string, boolean>();
  private opener: PacketSpec | undefined;

  suppose(conditions: readonly Condition[], opener: PacketSpec | undefined): void {
    this.opener = opener;
    for (const map of [this.byKey, this.byText, this.keyless]) map.clear();
    for (const { about, key, holds, answers } of conditions)
      for (const side of answers === undefined ? [0, 1] : [Number(answers)]) {
        if (key === undefined) this.keyless.set(`${side} ${about}`, holds);
        else this.byKey.set(`${side} ${key}`, holds);
        this.byText.set(`${side} ${about}`, holds);
      }
  }

  /** What is supposed of a condition, by what tells it from others, else by what is said of it. */
  condition(key: string, about: string, facts: Facts): boolean | undefined {
    const side = this.sideOf(facts);
    return this.byKey.get(`${side} ${key}`) ?? this.keyless.get(`${side} ${about}`);
  }

  /** The same for what is so for a whole session, seen from its client. */
  session(texts: readonly [client: string, server: string], facts: Facts): boolean | undefined {
    const about = texts[this.sideOf(facts)];
    return this.byText.get(`0 ${about}`) ?? this.byText.get(`1 ${about}`);
  }

  private sideOf(facts: Facts): Side {
    const direction = facts.value("ctdir");
    if (direction !== undefined) return direction === 1 ? 1 : 0;
    if (this.opener === undefined) return 0;
    const { source, destination } = this.opener;
    if (source.address === destination.address) return 0;
    // What is not tracked, or not yet, has the addresses that its sender gave it: the client's are the opener's.
    return facts.value("saddr") === source.address && facts.value("daddr") === destination.address ? 0 : 1;
  }
}

/** Puts questions to the supposition into predicates. */
class Mending {
  private readonly keys: ReadonlyMap<Opaque, string>;
  private readonly answers: Answers;
  private readonly known = new Map<Opaque, Predicate>();

  constructor(keys: ReadonlyMap<Opaque, string>, answers: Answers) {
    this.keys = keys;
    this.answers = answers;
  }

  ruleset(ruleset: Ruleset): Ruleset {
    const tables = mapped(ruleset.tables, table => this.table(table));
    return tables === ruleset.tables ? ruleset : { ...ruleset, tables };
  }

  private table(table: Table): Table {
    const chains = mapped(table.chains, chain => this.chain(chain));
    return chains === table.chains ? table : { ...table, chains };
  }

  private chain(chain: Chain): Chain {
    let changed = false;
    const rules = chain.rules.map(rule => {
      const mended = this.rule(rule);
      changed ||= mended !== rule;
      return mended;
    });
    return changed ? { ...chain, rules } : chain;
  }

  private rule(rule: Rule): Rule {
    let changed = false;
    const conditions = rule.conditions.map(condition => {
      const predicate = this.predicate(condition.predicate);
      const hotdrop = condition.hotdrop && this.predicate(condition.hotdrop);
      if (predicate === condition.predicate && hotdrop === condition.hotdrop) return condition;
      changed = true;
      return { ...condition, predicate, ...(hotdrop && { hotdrop }) };
    });
    return changed ? { ...rule, conditions } : rule;
  }

  private predicate(predicate: Predicate): Predicate {
    switch (predicate.is) {
      case "opaque":
        return this.opaque(predicate.opaque);
      case "member": {
        const { test } = predicate;
        const dimensions = test.dimensions.map(end => (end === "src" ? ("dst" as const) : ("src" as const)));
        const texts = [memberText(test), memberText({ ...test, dimensions })] as const;
        return asked(texts[0], facts => this.answers.session(texts, facts), predicate);
      }
      case "bits": {
        if (predicate.field !== "rpf" && predicate.field !== "localsocket") return predicate;
        const key = `surroundings ${predicate.field} ${predicate.mask}`;
        return asked(key, facts => this.answers.condition(key, key, facts), predicate);
      }
      case "not": {
        const of = this.predicate(predicate.of);
        return of === predicate.of ? predicate : not(of);
      }
      case "all":
      case "any": {
        const of = predicate.of.map(part => this.predicate(part));
        if (of.every((part, index) => part === predicate.of[index])) return predicate;
        return predicate.is === "all" ? all(...of) : any(...of);
      }
      case "in":
      case "name":
      case "present":
      case "constant":
        return predicate;
    }
  }

  private opaque(step: Opaque): Predicate {
    let result = this.known.get(step);
    if (result === undefined) {
      const key = this.keys.get(step) ?? step.about;
      result = opaque<unknown>({
        ...step,
        start: moment => step.start(moment),
        step: (state, facts, moment) => this.answers.condition(key, step.about, facts) ?? step.step(state, facts, moment),
      });
      this.known.set(step, result);
    }
    return result;
  }
}

/** The predicate, unless something is supposed of it. */
function asked(name: string, answer: (facts: Facts) => boolean | undefined, otherwise: Predicate): Predicate {
  const step = (says: (facts: Facts) => boolean): Predicate =>
    opaque<undefined>({ name, about: name, depends: "history", start: () => undefined, step: (_state, facts) => says(facts) });
  return any(
    step(facts => answer(facts) === true),
    all(
      step(facts => answer(facts) === undefined),
      otherwise,
    ),
  );
}

/** The map with each value changed; the very same one where nothing was. */
function mapped<Key, Value>(from: ReadonlyMap<Key, Value>, change: (value: Value) => Value): ReadonlyMap<Key, Value> {
  let changed = false;
  const to = new Map<Key, Value>();
  for (const [key, value] of from) {
    const next = change(value);
    changed ||= next !== value;
    to.set(key, next);
  }
  return changed ? to : from;
}
