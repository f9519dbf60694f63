import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteArgument } from "../xtables/index.ts";
import { wordsOf } from "./words.ts";

const texts = (line: string): string[] => wordsOf(line).map(({ text }) => text);

test("columns point at the word and its quotes", () => {
  expect(wordsOf('  -A "a b"\tx"y z"w ""')).toEqual([
    { text: "-A", column: 3, endColumn: 5, quoted: false },
    { text: "a b", column: 6, endColumn: 11, quoted: true },
    { text: "xy z", column: 12, endColumn: 18, quoted: true },
    { text: "w", column: 18, endColumn: 19, quoted: false },
    { text: "", column: 20, endColumn: 22, quoted: true },
  ]);
});

test.each([
  ['"a\\"b" c', ['a"b', "c"]],
  ['"a\\\\" b', ["a\\", "b"]],
  ["a\\b", ["a\\b"]],
  ["'a b'", ["'a", "b'"]],
  ["a\u00a0b \u2003", ["a\u00a0b", "\u2003"]],
  ["a\rb", ["a\rb"]],
  ["", []],
  [" \t ", []],
] as const)("%j", (line, expected) => expect(texts(line)).toEqual(expected));

test("a word has at most 1023 bytes, a line at most 251 words", () => {
  expect(texts("x".repeat(1023))).toHaveLength(1);
  expect(() => texts("x".repeat(1024))).toThrow("Parameter too long!");
  expect(texts("é".repeat(511))).toHaveLength(1);
  expect(() => texts("é".repeat(512))).toThrow("Parameter too long!");
  expect(() => texts("😀".repeat(256))).toThrow("Parameter too long!");
  expect(texts("x ".repeat(251))).toHaveLength(251);
  expect(() => texts("x ".repeat(252))).toThrow("Parser cannot handle more arguments");
});

test("what is saved in quotes is read as it was", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: "binary", maxLength: 60 }).filter(text => !/[\0\n]/.test(text)),
        { maxLength: 5 },
      ),
      words => {
        expect(texts(words.map(quoteArgument).join(" "))).toEqual(words);
      },
    ),
  );
});
