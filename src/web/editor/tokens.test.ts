import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokensOf, wordsIn, type LineGrammar } from "./tokens.ts";

/** The pieces of a line as `kind:text`. */
function check(line: string, expected: readonly string[], grammar: LineGrammar = "rules"): void {
  const found = tokensOf(line, grammar).map(({ from, to, kind }) => `${kind}:${line.slice(from, to)}`);
  expect(found).toEqual(expected);
}

describe("lines of rules", () => {
  test("tables, chains, ends", () => {
    check("*filter", ["table:*filter"]);
    check(":INPUT DROP [1:60]", ["chain::INPUT", "policy:DROP", "counters:[1:60]"]);
    check("COMMIT", ["commit:COMMIT"]);
    check("# -A INPUT", ["comment:# -A INPUT"]);
    check("", []);
    check("  \t ", []);
  });
  test("a rule", () =>
    check('[3:180] -A INPUT ! -s 10.0.0.1/32 -p tcp -m tcp --dport 22 -m comment --comment "a \\" b" -j ACCEPT', [
      "counters:[3:180]",
      "command:-A",
      "chain:INPUT",
      "bang:!",
      "option:-s",
      "value:10.0.0.1/32",
      "option:-p",
      "value:tcp",
      "option:-m",
      "match:tcp",
      "option:--dport",
      "value:22",
      "option:-m",
      "match:comment",
      "option:--comment",
      'quoted:"a \\" b"',
      "option:-j",
      "verdict:ACCEPT",
    ]));
  test("jumps and gotos to chains, even to ones with odd names", () => {
    check("-A INPUT -j __proto__", ["command:-A", "chain:INPUT", "option:-j", "target:__proto__"]);
    check("-A INPUT -g constructor", ["command:-A", "chain:INPUT", "option:-g", "target:constructor"]);
  });
  test("a quote that does not end takes the rest of the line", () =>
    check('-A X --comment "abc -j DROP', ["command:-A", "chain:X", "option:--comment", 'quoted:"abc -j DROP']));
  test("a negative number is a value", () => check("-A X -m u32 -5", ["command:-A", "chain:X", "option:-m", "match:u32", "value:-5"]));
});

test("lines of sets", () => {
  check("create bad hash:net family inet", ["command:create", "chain:bad", "match:hash:net", "option:family", "option:inet"], "sets");
  check("add bad 10.0.0.0/8", ["command:add", "chain:bad", "value:10.0.0.0/8"], "sets");
});

test("pieces are in order, hold something and do not overlap, whatever the line", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.constantFrom<LineGrammar>("rules", "sets"), (line, grammar) => {
      let end = 0;
      for (const { from, to } of tokensOf(line, grammar)) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(to).toBeGreaterThan(from);
        expect(to).toBeLessThanOrEqual(line.length);
        end = to;
      }
    }),
  );
});

test("words of a line without quotes are what blanks separate", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z0-9!:,./-]{1,8}$/)), words => {
      const line = words.join(" \t");
      expect(wordsIn(line).map(({ from, to }) => line.slice(from, to))).toEqual(words);
    }),
  );
});

test("a token of a million characters is looked at only where it begins", () => {
  const [, , last] = tokensOf(`-A INPUT ${"x".repeat(1_000_000)}`, "rules");
  expect(last?.to).toBeLessThan(5000);
});
