import fc from "fast-check";
import { expect, test } from "vitest";
import { RuleList } from "./rule-list.ts";
import { ZERO, type Rule } from "./rule.ts";

let made = 0n;

/** A rule that only counts, told apart by its counters and alike in text to others of its port. */
function rule(port: number): Rule {
  return {
    header: { protocol: { number: port, invert: false } },
    matches: [],
    target: undefined,
    counters: { ...ZERO, packets: made++ },
    at: { file: "", line: 1, column: 1 },
    conditions: [],
  };
}

const text = (port: number): string => `-p ${port}`;
const step = fc.record({
  do: fc.constantFrom("insert", "push", "remove", "replace", "find"),
  at: fc.nat(5000),
  port: fc.integer({ min: 201, max: 210 }),
});

test("it does what an array does", () => {
  fc.assert(
    fc.property(fc.nat(3000), fc.array(step, { maxLength: 60 }), (length, steps) => {
      const model = Array.from({ length }, (_, i) => rule(201 + (i % 10)));
      const list = new RuleList(model);
      for (const { do: act, at, port } of steps) {
        const fresh = rule(port);
        const within = model.length ? at % model.length : 0;
        if (act === "push") {
          model.push(fresh);
          list.push(fresh);
        } else if (act === "insert") {
          model.splice(within, 0, fresh);
          list.insert(within, fresh);
        } else if (act === "find")
          expect(list.indexOfText(text(port))).toBe(model.findIndex(({ header }) => header.protocol?.number === port));
        else if (model.length && act === "remove") {
          model.splice(within, 1);
          list.remove(within);
        } else if (model.length) {
          model[within] = fresh;
          list.replace(within, fresh);
        }
        expect(list.length).toBe(model.length);
        expect(list.at(within)).toBe(model[within]);
      }
      expect(list.toArray()).toEqual(model);
      expect([...list]).toEqual(model);
    }),
    { numRuns: 60 },
  );
});

test("blocks stay small however rules are put in", () => {
  const list = new RuleList();
  for (let i = 0; i < 20_000; i++) list.insert(0, rule(6));
  expect(list.length).toBe(20_000);
  expect(list.toArray()[0]?.counters.packets).toBeGreaterThan(list.toArray()[19_999]?.counters.packets ?? 0n);
  expect(list.at(20_000)).toBeUndefined();
  expect(list.at(-1)).toBeUndefined();
});
