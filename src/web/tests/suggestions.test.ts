import fc from "fast-check";
import { expect, test } from "vitest";
import { suggestionsAt } from "./suggestions.ts";

const TEXT = "vars:\n  office: 192.0.2.0/24\n  # not one\n  web: tcp 80\nassert:\n  - no strays\n";
const NAMES = { interfaces: ["lan0", "wan0"], sets: ["admins"] };

const rows: readonly (readonly [before: string, from: number, some: readonly string[]])[] = [
  ["", 0, ["assert", "vars"]],
  ["as", 0, ["assert"]],
  ["  - ", 4, ["allow", "no strays", "name"]],
  ["  - al", 4, ["allow"]],
  ["    pa", 4, ["path", "family", "deny"]],
  ["    path: ", 10, ["in", "forward"]],
  ["    family: ", 12, ["4", "6"]],
  ["  - deny: ", 10, ["from"]],
  ["  - deny: from ", 15, ["any", "self", "$office"]],
  ["  - deny: from ! ", 17, ["any", "$web"]],
  ["  - deny: from $of", 15, ["$office"]],
  ["  - deny: from @a", 15, ["@admins"]],
  ["  - deny: from any to ", 22, ["self"]],
  ["  - deny: from any to self ", 27, ["tcp", "ping", "in"]],
  ["  - deny: from any to self tcp 22 in la", 37, ["lan0", "wan0"]],
  ["  - invariant: ", 15, ["state", "implies"]],
  ["  - invariant: state = ", 23, ["INVALID"]],
  ["  - invariant: in = ", 20, ["lan0"]],
  ["  - invariant: in = lan0 implies ", 33, ["drop", "deny"]],
];
for (const [before, from, some] of rows)
  test(`suggests after ${JSON.stringify(before)}`, () => {
    const found = suggestionsAt(before, TEXT, NAMES);
    expect(found?.from).toBe(from);
    expect(found?.options.map(({ label }) => label)).toEqual(expect.arrayContaining([...some]));
  });

test("suggests nothing in a name, and never anything before the line", () => {
  expect(suggestionsAt("  - name: my ", TEXT, NAMES)).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 60 }), (before, text) => {
      const found = suggestionsAt(before, text, NAMES);
      if (found) expect(found.from >= 0 && found.from <= before.length).toBe(true);
    }),
  );
});
