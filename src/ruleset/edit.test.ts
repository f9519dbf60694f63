import fc from "fast-check";
import { expect, test } from "vitest";
import { jumpTo, UsageError } from "../xtables/index.ts";
import { draftOf, draftTable, emptyRuleset, finished, references } from "./draft.ts";
import { applyEdit, edited, zeroed, type Edit } from "./edit.ts";
import { ruleText } from "./rule-text.ts";
import { ZERO, type Rule, type Ruleset } from "./rule.ts";

const rule = (chain: string | undefined, protocol = 0): Rule => ({
  header: protocol ? { protocol: { number: protocol, invert: false } } : {},
  matches: [],
  target: chain === undefined ? undefined : jumpTo(chain, protocol % 2 === 1),
  counters: { packets: 1n, bytes: 2n },
  at: { file: "", line: 1, column: 1 },
  conditions: [],
});

const chain = fc.constantFrom("INPUT", "a", "b", "c", "d");
const number = fc.nat(4);
const rules = fc.array(
  fc.tuple(fc.option(chain, { nil: undefined }), fc.integer({ min: 201, max: 203 })).map(([to, protocol]) => rule(to, protocol)),
  { minLength: 1, maxLength: 2 },
);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ edit: fc.constant("append" as const), chain, rules }),
  fc.record({ edit: fc.constant("insert" as const), chain, number, rules }),
  fc.record({ edit: fc.constant("replace" as const), chain, number, rule: rules.map(([first]) => first ?? rule(undefined)) }),
  fc.record({ edit: fc.constant("delete" as const), chain, number }),
  fc.record({ edit: fc.constantFrom("deleteLike" as const, "checkLike" as const), chain, rules }),
  fc.record({ edit: fc.constantFrom("new" as const, "deleteChain" as const, "flush" as const, "zero" as const), chain }),
  fc.record({ edit: fc.constantFrom("deleteChain" as const, "flush" as const) }),
  fc.record({ edit: fc.constant("rename" as const), chain, to: chain }),
  fc.record({ edit: fc.constant("policy" as const), chain, policy: fc.constantFrom("ACCEPT", "DROP", "x") }),
);

/** Everything a table holds, as text. */
const shown = (ruleset: Ruleset): string[] =>
  [...(ruleset.tables.get("filter")?.chains.values() ?? [])].map(
    ({ name, policy, rules: own }) => `${name} ${policy} ${own.map(ruleText).join("; ")}`,
  );

test("a refused edit changes nothing; counts of jumps stay true; the ruleset given never changes", () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 40 }), edits => {
      const draft = draftOf(4);
      const table = draftTable(draft, "filter");
      for (const each of edits) {
        table.referencesTo("a");
        const before = finished(draft);
        const text = shown(before);
        const pure = attempt(() => edited(before, "filter", each));
        const done = attempt(() => applyEdit(draft, "filter", each));
        expect(shown(before)).toEqual(text);
        expect(pure instanceof UsageError).toBe(done instanceof UsageError);
        expect(shown(finished(draft))).toEqual(pure instanceof UsageError ? text : shown(pure));
        const counted = references(table.values());
        for (const name of ["INPUT", "a", "b", "c", "d"]) expect(table.referencesTo(name)).toBe(counted.get(name) ?? 0);
      }
    }),
  );
});

function attempt<T>(act: () => T): T | UsageError {
  try {
    return act();
  } catch (fault) {
    if (fault instanceof UsageError) return fault;
    throw fault;
  }
}

test("chains come built-in first, then by name", () => {
  let ruleset = emptyRuleset(4);
  for (const name of ["z", "b", "A", "INPUT2"]) ruleset = edited(ruleset, "filter", { edit: "new", chain: name });
  expect([...(ruleset.tables.get("filter")?.chains.keys() ?? [])]).toEqual(["INPUT", "FORWARD", "OUTPUT", "A", "INPUT2", "b", "z"]);
});

test("zeroing forgets every counter", () => {
  const ruleset = edited(emptyRuleset(4), "filter", { edit: "append", chain: "INPUT", rules: [rule(undefined)] });
  expect(ruleset.tables.get("filter")?.chains.get("INPUT")?.rules[0]?.counters).toEqual({ packets: 1n, bytes: 2n });
  expect(zeroed(ruleset).tables.get("filter")?.chains.get("INPUT")?.rules[0]?.counters).toEqual(ZERO);
});
