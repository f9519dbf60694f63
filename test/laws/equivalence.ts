/** Asks the solver whether two filters' chains end alike for every packet. */
import type { Field } from "../../src/predicate/index.ts";
import { FIELDS } from "../../src/predicate/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { eachTest, predicatesOf } from "./borders.ts";
import type { FieldValues } from "./chain-walk.ts";
import { SmtChains } from "./smt-chain.ts";
import { SmtFields } from "./smt-fields.ts";

/** A question for the solver, and how to read a model of it. */
export interface Question {
  readonly smtLib: string;
  /** The packet of a model, without the fields that it lacks. */
  packet(model: ReadonlyMap<string, bigint>): FieldValues;
  /** How a condition turned out that no field decides. */
  condition(model: ReadonlyMap<string, bigint>, about: string): boolean;
}

/** Is there a packet for which the chain of one ruleset ends otherwise than that of the other? */
export function differ(one: Ruleset, other: Ruleset, chain: string): Question {
  const fields = new SmtFields(one.family, namesOf([one, other]));
  const left = new SmtChains(one, "filter", fields, "a");
  const right = new SmtChains(other, "filter", fields, "b");
  const [a, b] = [left.verdicts(chain), right.verdicts(chain)];
  const ends = (["accept", "drop", "reject"] as const).map(end => `(xor ${a[end]} ${b[end]})`);
  const { axioms } = fields;
  const smtLib = [...fields.declarations, ...left.lines, ...right.lines, `(assert (or ${ends.join(" ")}))`, ...axioms].join("\n");
  return {
    smtLib,
    packet(model) {
      const values: Partial<Record<Field, FieldValues[Field]>> = {};
      for (const field of Object.keys(FIELDS) as Field[]) {
        if (!model.has(field) && !model.has(`has_${field}`)) continue;
        if (model.get(`has_${field}`) !== 0n) values[field] = fields.value(field, model.get(field) ?? 0n);
      }
      return values;
    },
    condition: (model, about) => model.get(about.replaceAll(/[|\\]/g, "_")) === 1n,
  };
}

function* namesOf(rulesets: readonly Ruleset[]): Generator<string> {
  const found = new Set<string>();
  for (const ruleset of rulesets)
    for (const predicate of predicatesOf(ruleset, "filter"))
      eachTest(predicate, test => {
        if (test.is === "name") found.add(test.prefix ? `${test.text}+` : test.text);
      });
  yield* found;
}
