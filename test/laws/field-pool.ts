/** Random packets as fields, at the borders of what rules ask: each field gets the constants of the rules, their neighbours and bits, or nothing. */
import { FIELDS, type Field, type Predicate, type Scalar, type Value } from "../../src/predicate/index.ts";
import type { Ruleset } from "../../src/ruleset/index.ts";
import { isAlwaysThere } from "../../src/symbolic/index.ts";
import type { Random } from "../kernel/generate/random.ts";
import { eachTest } from "./borders.ts";
import type { FieldValues } from "./chain-walk.ts";

/** Values worth trying, by field. */
export type FieldPool = ReadonlyMap<Field, readonly Value[]>;

/** Fields that one packet has or lacks together with others are not made so: every mixture is tried. */
export function fieldPool(rulesets: readonly Ruleset[]): FieldPool {
  const pool = new Map<Field, Set<Value>>();
  for (const ruleset of rulesets)
    for (const predicate of everyPredicate(ruleset)) eachTest(predicate, test => take(pool, test, ruleset.family));
  return new Map(
    [...pool].map(([field, values]) => {
      if (!isAlwaysThere(field)) values.add(undefined);
      if (FIELDS[field].kind === "name") values.add("").add("zz9");
      else values.add(zero(field, rulesets[0]?.family ?? 4));
      return [field, [...values]] as const;
    }),
  );
}

/** A packet with a value for each field of the pool. */
export function drawn(random: Random, pool: FieldPool): FieldValues {
  const fields: Partial<Record<Field, Value>> = {};
  for (const [field, values] of pool) fields[field] = random.pick(values);
  return fields;
}

function* everyPredicate(ruleset: Ruleset): Generator<Predicate> {
  for (const table of ruleset.tables.values())
    for (const chain of table.chains.values())
      for (const rule of chain.rules)
        for (const { predicate, hotdrop } of rule.conditions) {
          yield predicate;
          if (hotdrop) yield hotdrop;
        }
}

function take(pool: Map<Field, Set<Value>>, test: Predicate, family: 4 | 6): void {
  if (!("field" in test)) return;
  let values = pool.get(test.field);
  if (!values) pool.set(test.field, (values = new Set()));
  switch (test.is) {
    case "in":
      for (const range of test.ranges) for (const end of range) for (const near of around(end, test.field, family)) values.add(near);
      return;
    case "bits":
      for (const value of patterns(BigInt(test.mask), BigInt(test.value))) values.add(fitting(value, test.field, family));
      return;
    case "name":
      values.add(test.text).add(`${test.text}0`).add(test.text.slice(0, -1));
      return;
    default:
  }
}

const widthOf = (field: Field, family: 4 | 6): number => (FIELDS[field].kind === "address" && family === 4 ? 32 : FIELDS[field].bits);

function around(value: Scalar, field: Field, family: 4 | 6): Scalar[] {
  const last = (1n << BigInt(widthOf(field, family))) - 1n;
  const near = [BigInt(value) - 1n, BigInt(value), BigInt(value) + 1n];
  return near.filter(each => 0n <= each && each <= last).map(each => fitting(each, field, family));
}

/** The wanted bits, with others around them, and with one of them wrong. */
function patterns(mask: bigint, value: bigint): bigint[] {
  const lowest = mask & -mask;
  return [value, value | (~mask & 0xa5a5a5a5n), value ^ lowest, value ^ mask];
}

function fitting(value: bigint, field: Field, family: 4 | 6): Scalar {
  const cut = value & ((1n << BigInt(widthOf(field, family))) - 1n);
  const wide = FIELDS[field].kind === "address" ? family === 6 : FIELDS[field].bits > 53;
  return wide ? cut : Number(cut);
}

const zero = (field: Field, family: 4 | 6): Scalar => fitting(0n, field, family);
