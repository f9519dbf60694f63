import type { Certainty } from "../analysis/policy-report.ts";
import type { AssertionRun } from "../analysis/assertions/index.ts";
import type { DiffReport, Fate } from "../analysis/diff/index.ts";
import type { RuleDetail } from "../analysis/explain/index.ts";
import type { LintReport } from "../analysis/lint/index.ts";
import type { AnswerPart, QueryAnswer } from "../analysis/query/answer.ts";
import type { Condition } from "../analysis/witness.ts";
import type { Ruleset } from "../ruleset/index.ts";
import { conditionWords } from "./policy-conditions.ts";

/** A condition in words for people, as `policy` says it; as it is where the rules give no words for it. */
export type InWords = (about: string) => string;

/** The words for conditions of some rulesets, looked for when the first is asked. */
export function wordsFor(rulesets: readonly (Ruleset | undefined)[]): InWords {
  let words: ReadonlyMap<string, string> | undefined;
  return about => (words ??= conditionWords(rulesets)).get(about) ?? about;
}

/** A condition as what something depends on: `whether its source address is on the list BAD`. */
const dependedOn = (about: string, words: InWords): string => {
  const said = words(about);
  return said !== about && CLAUSES.some(subject => said.startsWith(subject)) ? `whether ${said}` : said;
};

/** How words begin that are a clause. */
const CLAUSES: readonly string[] = ["its ", "it ", "this "];

const each = (conditions: readonly string[], words: InWords): readonly string[] => [
  ...new Set(conditions.map(about => dependedOn(about, words))),
];

const certaintyInWords = (certainty: Certainty, words: InWords): Certainty =>
  certainty.sure ? certainty : { sure: false, depends: each(certainty.depends, words) };

/** What is shown, by conditions in words. */
const shownInWords = <Shown extends { readonly depends: readonly Condition[] }>(shown: Shown, words: InWords): Shown => ({
  ...shown,
  depends: shown.depends.map(condition => ({ ...condition, about: words(condition.about) })),
});

/** An answer with its conditions in words for people. */
export function queryInWords(answer: QueryAnswer, words: InWords): QueryAnswer {
  const { because, depends, parts } = answer;
  return {
    ...answer,
    because: depends.reduce((sentence, about) => sentence.replace(about, () => dependedOn(about, words)), because),
    depends: each(depends, words),
    parts: partsInWords(parts, words),
  };
}

const partsInWords = (parts: readonly AnswerPart[], words: InWords): readonly AnswerPart[] =>
  parts.map(part => ({
    ...part,
    certainty: certaintyInWords(part.certainty, words),
    witness: part.witness && shownInWords(part.witness, words),
  }));

/** A run of assertions with its conditions in words for people. */
export function assertionsInWords(run: AssertionRun, words: InWords): AssertionRun {
  const results = run.results.map(result => ({
    ...result,
    depends: each(result.depends, words),
    counterexamples: partsInWords(result.counterexamples, words),
  }));
  return { ...run, results };
}

/** A comparison with its conditions in words for people. */
export function diffInWords(report: DiffReport, words: InWords): DiffReport {
  const side = (fate: Fate): Fate => ({ ...fate, witness: fate.witness && shownInWords(fate.witness, words) });
  const rows = report.rows.map(row => ({
    ...row,
    certainty: certaintyInWords(row.certainty, words),
    before: side(row.before),
    after: side(row.after),
  }));
  return { ...report, rows };
}

/** Findings with the conditions of their witnesses in words for people. */
export function lintInWords(report: LintReport, words: InWords): LintReport {
  const findings = report.findings.map(finding =>
    finding.witness ? { ...finding, witness: shownInWords(finding.witness, words) } : finding,
  );
  return { ...report, findings };
}

/** What is said of a rule, with its conditions in words for people. */
export function detailInWords(detail: RuleDetail, words: InWords): RuleDetail {
  return { ...detail, shown: detail.shown && shownInWords(detail.shown, words), served: diffInWords(detail.served, words) };
}
