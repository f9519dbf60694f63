import { holds, type Facts, type Moment, type Predicate, type StateStore } from "../predicate/index.ts";
import type { Rule } from "../ruleset/index.ts";
import type { Failure, RuleResult } from "./trace-events.ts";

/**
 * Tests a rule as the kernel does, each condition once and in order, and says which part failed first. Used instead of the compiled
 * test when a trace is asked for: an opaque step may change state, so nothing may be asked twice.
 */
export function testWithBlame(rule: Rule, facts: Facts, moment: Moment, store: StateStore): RuleResult {
  for (const condition of rule.conditions) {
    if (condition.hotdrop && holds(condition.hotdrop, facts, moment, store)) {
      return { matched: false, hotdrop: true, failure: describe(condition.text, condition.hotdrop, facts) };
    }
    const blamed = firstFailure(condition.predicate, facts, moment, store);
    if (blamed !== undefined) return { matched: false, hotdrop: false, failure: describe(condition.text, blamed, facts) };
  }
  return { matched: true };
}

/** The part of a predicate that makes it false, undefined when it holds. Asks each part at most once, in the order of `holds`. */
export function firstFailure(predicate: Predicate, facts: Facts, moment: Moment, store: StateStore): Predicate | undefined {
  if (predicate.is === "all") {
    for (const part of predicate.of) {
      const failed = firstFailure(part, facts, moment, store);
      if (failed !== undefined) return failed;
    }
    return undefined;
  }
  return holds(predicate, facts, moment, store) ? undefined : predicate;
}

function describe(text: string, wanted: Predicate, facts: Facts): Failure {
  const field = fieldOf(wanted);
  return { text, wanted, field, value: field === undefined ? undefined : facts.value(field) };
}

/** The field that a predicate asks first. */
function fieldOf(predicate: Predicate): Failure["field"] {
  switch (predicate.is) {
    case "in":
    case "bits":
    case "name":
    case "present":
      return predicate.field;
    case "not":
      return fieldOf(predicate.of);
    case "all":
    case "any": {
      const [first] = predicate.of;
      return first === undefined ? undefined : fieldOf(first);
    }
    case "constant":
    case "opaque":
    case "member":
      return undefined;
  }
}
