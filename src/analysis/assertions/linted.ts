import type { Finding } from "../finding.ts";
import { atLeast, lint, type Subject } from "../lint/index.ts";
import type { Assertion } from "./assertion.ts";
import type { CheckedRules } from "./checked-rules.ts";
import type { AssertionResult } from "./result.ts";

/** Findings that are told. */
const SHOWN_MAX = 10;

/** Does lint find none of these? `any` is every warning and error that no comment allows. */
export function linted(
  codes: readonly string[],
  rules: CheckedRules,
  { family }: Pick<Assertion, "family">,
): Pick<AssertionResult, "outcome" | "message"> & Partial<AssertionResult> {
  const found = lint(subjectsOf(rules, family)).findings.filter(finding => counts(finding, codes));
  if (found.length === 0) return { outcome: "holds", message: "nothing was found" };
  const shown = found.slice(0, SHOWN_MAX);
  return {
    outcome: "fails",
    message: found.length === 1 ? "lint found one" : `lint found ${found.length}`,
    details: [...shown.map(findingText), ...(found.length > SHOWN_MAX ? [`and ${found.length - SHOWN_MAX} more`] : [])],
  };
}

const counts = ({ code, severity, suppressed }: Finding, codes: readonly string[]): boolean =>
  suppressed === undefined && (codes.includes(code) || (codes.includes("any") && atLeast(severity, "warning")));

const findingText = ({ code, at, message }: Finding): string => `${code} ${at.line > 0 ? `${at.file}:${at.line}: ` : ""}${message}`;

function subjectsOf({ v4, v6, host, sets, texts = new Map() }: CheckedRules, family: Assertion["family"]): readonly Subject[] {
  const subjects: Subject[] = [];
  for (const [ruleset, other] of [
    [v4, v6],
    [v6, v4],
  ])
    if (ruleset && (family === undefined || family === ruleset.family))
      subjects.push({ family: ruleset.family, ruleset, other, beside: undefined, host, sets, texts });
  return subjects;
}
