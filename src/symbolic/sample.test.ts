import { expect, test } from "vitest";
import { all, among, any, type Field, type Predicate, type Value } from "../predicate/index.ts";
import { Constants } from "./constants.ts";
import { clientView } from "./hooks.ts";
import { Lowering } from "./lower.ts";
import { sample, type Preferences, type Wish } from "./sample.ts";
import { Space } from "./space.ts";
import { Surroundings } from "./surroundings.ts";

const HERE = 0x0a000001;
const THERE = 0x0a000002;
const one = (field: Field, value: number): Predicate => among(field, [value, value]);

/** Some fields of a set's sample. */
function drawn(set: Predicate, preferences: Preferences, wishes: readonly Wish[], fields: readonly Field[]): Value[] {
  const constants = new Constants(4);
  constants.predicate(set);
  const space = new Space(constants, new Surroundings({ family: 4 }));
  const found = sample(space, new Lowering(space, clientView(space)).set(set), preferences, wishes);
  return fields.map(field => found?.fields.get(field));
}

const wish = (field: Field, ...values: Value[]): Wish => ({ field, instance: 0, values });

test.each<[string, Predicate, Preferences, readonly Wish[], readonly Field[], readonly Value[]]>([
  ["what is preferred", among("dport", [20, 25]), new Map([["dport", [443, 22]]]), [], ["dport"], [22]],
  [
    "what is wished for comes before what is higher up",
    any(all(one("dport", 22), one("length", 60)), all(one("dport", 80), one("length", 1400))),
    new Map([["dport", [22]]]),
    [wish("length", 1400)],
    ["dport", "length"],
    [80, 1400],
  ],
  ["the best of the wishes that the set grants", among("length", [100, 200]), new Map(), [wish("length", 60, 150)], ["length"], [150]],
  ["a wish that it does not grant", one("length", 100), new Map(), [wish("length", 60)], ["length"], [100]],
  ["a wish for what it does not ask", one("dport", 22), new Map(), [wish("length", 60)], ["dport", "length"], [22, undefined]],
  [
    "not from where it goes",
    any(all(one("daddr", HERE), one("saddr", HERE)), all(one("daddr", THERE), one("saddr", HERE))),
    new Map([["daddr", [HERE]]]),
    [],
    ["saddr", "daddr"],
    [HERE, THERE],
  ],
  ["unless there is no other", all(one("daddr", HERE), one("saddr", HERE)), new Map(), [], ["saddr", "daddr"], [HERE, HERE]],
  [
    "nor from the preferred destination",
    all(among("daddr", [HERE, THERE]), among("saddr", [HERE, THERE])),
    new Map([
      ["saddr", [HERE, THERE]],
      ["daddr", [HERE]],
    ]),
    [],
    ["saddr", "daddr"],
    [THERE, HERE],
  ],
])("%s", (_, set, preferences, wishes, fields, expected) => {
  expect(drawn(set, preferences, wishes, fields)).toEqual(expected);
});
