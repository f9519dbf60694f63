import { expect, test } from "vitest";
import { checkAssertions, readAssertions } from "../analysis/assertions/index.ts";
import { compareFirewalls } from "../analysis/diff/index.ts";
import { lint } from "../analysis/lint/index.ts";
import { ask, isQuestionFault, readQuestion } from "../analysis/query/index.ts";
import "../extensions/index.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { readRules } from "../syntax/index.ts";
import { assertionsInWords, diffInWords, lintInWords, queryInWords, wordsFor } from "./in-words.ts";
import { assertionLines } from "./assertion-text.ts";
import { diffLines } from "./diff-lines.ts";
import { lintLines } from "./lint-text.ts";
import { queryLines } from "./query-text.ts";
import { lineText, type Line } from "./span.ts";

const rulesOf = (...rules: readonly string[]): Ruleset => {
  const text = [
    "*filter",
    ":INPUT DROP",
    ":OUTPUT ACCEPT",
    "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT",
    ...rules,
    "COMMIT",
    "",
  ];
  const { ruleset } = readRules(text.join("\n"), "rules", { family: 4 });
  if (!ruleset) throw new Error("the rules cannot be read");
  return ruleset;
};
const LIMIT = "-A INPUT -p tcp --dport 22 -m limit --limit 5/min --limit-burst 5 -j ACCEPT";
const RECENT = "-A INPUT -p tcp --dport 22 -m recent --name BAD --rcheck -j ACCEPT";
const textOf = (lines: readonly Line[]): string => lines.map(lineText).join("\n");

/** As it is said for machines, and for people. */
const check = (text: string, { lacks, has }: { readonly lacks: RegExp; readonly has: string }): void => {
  expect(text).not.toMatch(lacks);
  expect(text).toContain(has);
};

test.each([
  [LIMIT, "5 per minute at most with bursts of 5"],
  [RECENT, "whether its source address is on the list BAD"],
])("query: %s", (rule, has) => {
  const ruleset = rulesOf(rule);
  const question = readQuestion("from any to self tcp 22");
  if (isQuestionFault(question)) throw new Error(question.message);
  const answer = ask(question, { v4: ruleset, v6: undefined, sets: undefined, host: undefined });
  if (isQuestionFault(answer)) throw new Error(answer.message);
  const told = queryInWords(answer, wordsFor([ruleset]));
  check(textOf(queryLines(told)), { lacks: /limit: avg|recent:/, has });
  expect(told.because).toContain(has);
  expect(told.depends).toEqual([has]);
  // Nothing else is said otherwise, and what no rule says stays as it is.
  expect(queryInWords(answer, wordsFor([]))).toEqual(answer);
});

test("diff", () => {
  const [before, after] = [rulesOf(), rulesOf(LIMIT)];
  const of = (v4: Ruleset): Parameters<typeof compareFirewalls>[0] => ({ v4, v6: undefined, host: undefined, sets: undefined });
  const report = compareFirewalls(of(before), of(after), { names: ["a", "b"], now: 0 });
  const text = textOf(diffLines(diffInWords(report, wordsFor([before, after])), { all: true }));
  check(text, { lacks: /limit: avg/, has: "5 per minute at most with bursts of 5" });
});

test("lint", () => {
  const ruleset = rulesOf("-A INPUT -p udp --sport 53 -m limit --limit 5/min --limit-burst 5 -j ACCEPT");
  const subject = { family: 4 as const, ruleset, other: undefined, beside: undefined, host: undefined, sets: undefined, texts: new Map() };
  const report = lintInWords(lint([subject]), wordsFor([ruleset]));
  const detail = { level: "info" as const, width: 100, suppressed: false, verbose: false, source: () => undefined };
  check(textOf(lintLines(report, detail)), { lacks: /limit: avg/, has: "when 5 per minute at most with bursts of 5" });
});

test("test", () => {
  const ruleset = rulesOf(RECENT);
  const { value } = readAssertions("a.yaml", "rules: r\nassert:\n  - deny: from any to self tcp 22\n");
  if (value === undefined) throw new Error("the assertions cannot be read");
  const run = checkAssertions(value, { v4: ruleset, v6: undefined, sets: undefined, host: undefined }, new Map());
  if ("faults" in run) throw new Error("the assertions cannot be checked");
  const told = assertionsInWords({ ...run, file: "a.yaml" }, wordsFor([ruleset]));
  const has = "whether its source address is on the list BAD";
  check(textOf(assertionLines(told)), { lacks: /recent:/, has });
  expect(told.results.map(({ depends }) => depends)).toEqual([[has]]);
});
