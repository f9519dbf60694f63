/** Values at the borders of what rules compare with: where a mistake by one shows. */
import { FIELDS, type Field, type Predicate, type Scalar } from "../../src/predicate/index.ts";
import type { Rule, Ruleset } from "../../src/ruleset/index.ts";
import type { TableName } from "../../src/xtables/index.ts";

/** For each field the constants of the rules with their neighbours, and the ends of the field's range. */
export interface Borders {
  readonly saddr: readonly number[];
  readonly daddr: readonly number[];
  readonly sport: readonly number[];
  readonly dport: readonly number[];
  readonly mac: readonly number[];
  readonly iif: readonly string[];
  readonly oif: readonly string[];
}

/** Gathers the borders of one table, IPv4. */
export function borders(rulesets: readonly Ruleset[], table: TableName): Borders {
  const numbers = new Map<Field, Set<number>>();
  const names = new Map<Field, Set<string>>();
  for (const ruleset of rulesets)
    for (const predicate of predicatesOf(ruleset, table))
      eachTest(predicate, test => {
        if (test.is === "name") into(names, test.field).add(test.prefix ? `${test.text}0` : test.text);
        if (test.is === "in")
          for (const [low, high] of test.ranges) for (const value of [low, high]) nearby(into(numbers, test.field), test.field, value);
      });
  const numbersOf = (field: Field, ...always: number[]): number[] => [...new Set([...(numbers.get(field) ?? []), ...always])];
  const namesOf = (field: Field): string[] => [...new Set([...(names.get(field) ?? []), "eth9"])].filter(name => name !== "");
  return {
    saddr: numbersOf("saddr", 0, 0xffffffff, 0x08080808),
    daddr: numbersOf("daddr", 0, 0xffffffff, 0x08080808),
    sport: numbersOf("sport", 0, 1023, 1024, 65_535, 40_000),
    dport: numbersOf("dport", 0, 22, 80, 65_535),
    mac: numbersOf("mac", 0x020000000001),
    iif: namesOf("iif"),
    oif: namesOf("oif"),
  };
}

/** The lowered conditions of every rule of a table. */
export function* predicatesOf(ruleset: Ruleset, table: TableName): Generator<Predicate> {
  for (const chain of ruleset.tables.get(table)?.chains.values() ?? [])
    for (const rule of chain.rules)
      for (const { predicate, hotdrop } of rule.conditions) {
        yield predicate;
        if (hotdrop) yield hotdrop;
      }
}

/** Every test inside a predicate. */
export function eachTest(predicate: Predicate, take: (test: Predicate) => void): void {
  switch (predicate.is) {
    case "not":
      return eachTest(predicate.of, take);
    case "all":
    case "any":
      for (const part of predicate.of) eachTest(part, take);
      return;
    default:
      take(predicate);
  }
}

function into<T>(map: Map<Field, Set<T>>, field: Field): Set<T> {
  let set = map.get(field);
  if (!set) map.set(field, (set = new Set()));
  return set;
}

function nearby(set: Set<number>, field: Field, value: Scalar): void {
  const bits = field === "saddr" || field === "daddr" ? 32 : FIELDS[field].bits;
  if (typeof value !== "number" || bits > 53) return;
  const last = 2 ** bits - 1;
  for (const near of [value - 1, value, value + 1]) if (0 <= near && near <= last) set.add(near);
}

/** Values that a rule asks for, as far as its tests are plain: packets that meet it are then not rare. */
export function meeting(rule: Rule, pick: (count: number) => number): Partial<Record<Field, Scalar | string>> {
  const values: Partial<Record<Field, Scalar | string>> = {};
  const meet = (predicate: Predicate): void => {
    if (predicate.is === "all") for (const part of predicate.of) meet(part);
    if (predicate.is === "any") meet(predicate.of[pick(predicate.of.length)] ?? predicate);
    if (predicate.is === "name") values[predicate.field] = predicate.prefix ? `${predicate.text}0` : predicate.text;
    if (predicate.is === "in") {
      const range = predicate.ranges[pick(predicate.ranges.length)];
      if (range) values[predicate.field] = range[pick(2)] ?? range[0];
    }
  };
  for (const { predicate } of rule.conditions) meet(predicate);
  return values;
}
