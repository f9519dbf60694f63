import { leaves, type Field, type Leaf, type Opaque } from "../../predicate/index.ts";
import type { Rule } from "../../ruleset/index.ts";

/** Every simple test of a rule. */
export function* ruleLeaves({ conditions }: Pick<Rule, "conditions">): Generator<{ readonly leaf: Leaf; readonly inverted: boolean }> {
  for (const { predicate } of conditions) yield* leaves(predicate);
}

/** The fields that a rule's tests ask. */
export function fieldsAsked(rule: Pick<Rule, "conditions">): ReadonlySet<Field> {
  const fields = new Set<Field>();
  for (const { leaf } of ruleLeaves(rule)) {
    if (leaf.is === "in" || leaf.is === "bits" || leaf.is === "name" || leaf.is === "present") fields.add(leaf.field);
    if (leaf.is === "member") for (const end of leaf.test.dimensions) fields.add(end === "src" ? "saddr" : "daddr");
  }
  return fields;
}

/** The opaque conditions that a rule asks. */
export function opaquesAsked(rule: Pick<Rule, "conditions">): readonly Opaque[] {
  const found: Opaque[] = [];
  for (const { leaf } of ruleLeaves(rule)) if (leaf.is === "opaque") found.push(leaf.opaque);
  return found;
}

const BOUNDING: ReadonlySet<string> = new Set(["limit", "rate", "quota", "random", "nth", "connections", "recent"]);

/** Does a condition hold for some packets and then no more, so that a flood does not pass it: a rate, a count, a quota, a sample? */
export const bounds = ({ described }: Opaque): boolean => described !== undefined && BOUNDING.has(described.kind);

const RATES: ReadonlySet<string> = new Set(["limit", "rate", "connections", "quota"]);

/** Is a condition a rate or an amount and nothing else? */
export const isRate = ({ described }: Opaque): boolean => described !== undefined && RATES.has(described.kind);

/** Does every packet match the rule? */
export const takesEvery = ({ conditions }: Pick<Rule, "conditions">): boolean =>
  conditions.every(({ predicate, hotdrop }) => hotdrop === undefined && predicate.is === "constant" && predicate.value);
