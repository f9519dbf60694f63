import type { Finding } from "../finding.ts";
import { SEVERITIES } from "./severity.ts";
import type { Subject } from "./subject.ts";
import { withSuppressions, type Unused } from "./suppression.ts";
import { afterCatchAll } from "./catch-all.ts";
import { coveredRules } from "./covered.ts";
import { CHECKS, SET_CHECKS } from "./checks.ts";
import { Matter, withinBudget } from "./matter.ts";

/** What lint found. */
export interface LintReport {
  /** Gravest first, then by place. */
  readonly findings: readonly Finding[];
  /** Comments that allow what was not found. */
  readonly unused: readonly Unused[];
  /** What is taken for granted, a sentence each. */
  readonly assumptions: readonly string[];
}

/** Every finding about one or both families' rules. */
export function lint(subjects: readonly Subject[]): LintReport {
  const assumptions = new Set<string>();
  const found = subjects.flatMap(subject => findingsOf(subject, assumptions));
  const { findings, unused } = withSuppressions(found, subjects);
  return { findings: findings.toSorted(byPlace), unused, assumptions: [...assumptions] };
}

function findingsOf(subject: Subject, assumptions: Set<string>): Finding[] {
  const findings = CHECKS.flatMap(check => check(subject));
  const matter = new Matter(subject);
  for (const check of SET_CHECKS) {
    const more = withinBudget(() => check(matter));
    if (more === undefined) {
      if (check === coveredRules) findings.push(...afterCatchAll(subject));
      assumptions.add(`the IPv${subject.family} rules are too many to look at all of their packets: some kinds of findings were left out`);
    } else findings.push(...more);
  }
  for (const sentence of [...(subject.host?.assumed ?? []), ...matter.space.surroundings.unknown]) assumptions.add(sentence);
  return findings;
}

function byPlace(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    a.family - b.family ||
    (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : 0) ||
    a.at.line - b.at.line ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  );
}
