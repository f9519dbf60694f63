import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test.each([
  ["plain --dport 22", "plain --dport 22"],
  ["red \u001b[31m", "red \\x1b[31m"],
  ["a\nb\tc", "a\\x0ab\\x09c"],
  ["admin\u202etxt", "admin\\u202etxt"],
  ["\u2066x\u2069\ufeff", "\\u2066x\\u2069\\ufeff"],
  ["Zürich 東京", "Zürich 東京"],
])("%o is shown as %s", (text, shown) => expect(printable(text)).toBe(shown));

test("nothing that a terminal obeys comes through", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), text => void expect(printable(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u)),
  );
});
