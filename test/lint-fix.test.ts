import { expect, test } from "vitest";
import { changedText, lint } from "../src/analysis/lint/index.ts";
import { printSave } from "../src/syntax/index.ts";
import { rulesetOf, saveText, subjectOf } from "./lint/subject.ts";

/** Fixes: what becomes of the text. */

function check(text: string, codes: readonly string[]): string {
  const subject = subjectOf(text);
  const findings = lint([subject]).findings.filter(({ code }) => codes.includes(code));
  const changed = changedText(subject.ruleset, findings, text, { keepNames: true });
  // What is printed is what it says it is.
  expect(printSave(rulesetOf(changed.text))).toBe(printSave(changed.ruleset));
  return changed.text;
}

const lines = (...each: string[]): string => `${each.join("\n")}\n`;

test("comments and counters of the file stay", () => {
  const before = lines(
    "# mine",
    "*filter",
    ":INPUT DROP [5:300]",
    "[1:60] -A INPUT -s 10.0.0.5/8 -j ACCEPT # not",
    "COMMIT",
    "# end",
  ).replace(" # not", "");
  expect(check(before, ["F33"])).toBe(before.replace("10.0.0.5/8", "10.0.0.0/8"));
});

test("a rule goes before the catch-all that hides it", () => {
  const before = lines("*filter", "-A INPUT -j REJECT", "# web", "-A INPUT -p tcp --dport 80 -j ACCEPT", "-A INPUT -j REJECT", "COMMIT");
  expect(check(before, ["F26"])).toBe(
    lines("*filter", "-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT", "-A INPUT -j REJECT", "# web", "COMMIT"),
  );
});

test("policies", () => {
  const before = lines("*nat", ":PREROUTING DROP [7:420]", "-A PREROUTING -j ACCEPT", "COMMIT");
  expect(check(before, ["F34"])).toBe(before.replace("DROP", "ACCEPT"));
});

test("one line that makes two rules: plain save text", () => {
  const before = lines("# mine", "*filter", "-A INPUT -s 10.0.0.5/8,192.0.2.0/24 -j ACCEPT", "COMMIT");
  expect(check(before, ["F33"])).toContain("-A INPUT -s 10.0.0.0/8 -j ACCEPT\n");
  expect(check(before, ["F33"])).toContain("-A INPUT -s 192.0.2.0/24 -j ACCEPT\n");
});

test("a rule that two findings speak of is changed once", () => {
  const text = saveText(["-A INPUT -j DROP", "-A INPUT -s 10.0.0.5/8 -j ACCEPT"]);
  const subject = subjectOf(text);
  const findings = lint([subject]).findings.filter(({ code }) => code === "F26" || code === "F33");
  const { applied, left } = changedText(subject.ruleset, findings, text, {});
  expect(applied.map(({ finding }) => finding.code)).toEqual(["F26"]);
  expect(left.map(({ code }) => code)).toEqual(["F33"]);
});

test("nothing to mend: the file as it was", () => {
  const before = lines("# mine", "*filter", "-A INPUT -j ACCEPT", "COMMIT");
  expect(check(before, ["F26"])).toBe(before);
});
