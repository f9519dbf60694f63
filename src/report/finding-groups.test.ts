import fc from "fast-check";
import { expect, test } from "vitest";
import type { Finding } from "../analysis/finding.ts";
import { findingGroups } from "./finding-groups.ts";

const finding = (code: string, message: string, chain = "INPUT", line = 1): Finding => ({
  code,
  severity: "warning",
  family: 4,
  at: { family: 4, table: "filter", chain, number: 1, file: "rules", line, text: "" },
  message,
  related: [],
});

const dead = (chain: string, rules: number): Finding =>
  finding(
    "F24",
    `no packet enters the chain ${chain}: no rule leads to it, and its ${rules} ${rules === 1 ? "rule is" : "rules are"} never asked`,
    chain,
  );

/** The groups in short: the place of each first, and how many are folded into it. */
const check = (findings: readonly Finding[], groups: readonly string[]): void =>
  expect(findingGroups(findings).map(({ first, others }) => `${first.code} ${first.at.chain} +${others.length}`)).toEqual(groups);

test.each<[what: string, findings: readonly Finding[], groups: readonly string[]]>([
  ["nothing", [], []],
  ["too few to fold", ["A", "B", "C", "D"].map(chain => dead(chain, 1)), ["F24 A +0", "F24 B +0", "F24 C +0", "F24 D +0"]],
  ["chains and numbers are places", ["A", "B", "C", "D", "E"].map((chain, at) => dead(chain, at)), ["F24 A +4"]],
  [
    "lists of rules are places, however long",
    ["rules 1, 2, 3", "rule 4", "rules 7, 8", "rules 10, 11, 12, 13", "rule 2"].map(rules =>
      finding("F04", `for some packets the order alone decides between it and ${rules}, which decide otherwise`),
    ),
    ["F04 INPUT +4"],
  ],
  [
    "details in brackets are places",
    ["-p esp / -p gre", "-s 10.0.0.1/32 / -s 10.0.0.2/32", "a", "b)", "(c"].map(each =>
      finding("F06", `rules 1, 2 differ in one test only (${each}): one rule can say the same`),
    ),
    ["F06 INPUT +4"],
  ],
  [
    "others stand where they were found",
    [finding("F12", "x"), ...["A", "B", "C"].map(chain => dead(chain, 1)), finding("F01", "y"), dead("D", 2), dead("E", 3)],
    ["F12 INPUT +0", "F24 A +4", "F01 INPUT +0"],
  ],
  [
    "what says something else is not folded",
    ["alpha", "beta", "gamma", "delta", "epsilon"].map(word => finding("F02", `-m ${word} matches nothing`)),
    ["F02 INPUT +0", "F02 INPUT +0", "F02 INPUT +0", "F02 INPUT +0", "F02 INPUT +0"],
  ],
  [
    "nor are errors into warnings, nor what comments allow into what they do not",
    [
      ...["B", "C", "D"].map(chain => dead(chain, 1)),
      { ...dead("E", 1), severity: "error" as const },
      { ...dead("F", 1), suppressed: "" },
      { ...dead("G", 1), suppressed: "later" },
    ],
    ["F24 B +0", "F24 C +0", "F24 D +0", "F24 E +0", "F24 F +0", "F24 G +0"],
  ],
])("%s", (_what, findings, groups) => check(findings, groups));

test("every finding is in one group, in its order, whatever it says", () => {
  const some = fc.record({
    code: fc.constantFrom("F01", "F02"),
    message: fc.string({ unit: "binary", maxLength: 12 }),
    chain: fc.string({ maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 40 }), list => {
      const findings = list.map(({ code, message, chain }) => finding(code, message, chain));
      const groups = findingGroups(findings);
      expect(new Set(groups.flatMap(({ first, others }) => [first, ...others]))).toEqual(new Set(findings));
      expect(groups.reduce((sum, { others }) => sum + 1 + others.length, 0)).toBe(findings.length);
      for (const each of [groups.map(({ first }) => first), ...groups.map(({ first, others }) => [first, ...others])])
        expect(each.map(one => findings.indexOf(one))).toEqual(each.map(one => findings.indexOf(one)).toSorted((a, b) => a - b));
    }),
  );
});
