import type { Finding } from "../finding.ts";
import { SEVERITIES } from "./severity.ts";
import type { Subject } from "./subject.ts";
import { withSuppressions, type Unused } from "./suppression.ts";
import { afterCatchAll } from "./catch-all.ts";
import { coveredRules } from "./covered.ts";
import { CHECKS, SET_CHECKS } from "./checks.ts";
import { openIpv6 } from "./families.ts";
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
  const matters = subjects.map(subject => new Matter(subject));
  const found = matters.flatMap(matter => findingsOf(matter, assumptions));
  const of = (family: 4 | 6): Matter | undefined => matters.find(({ subject }) => subject.family === family);
  found.push(...(withinBudget(() => openIpv6(of(4), of(6))) ?? []));
  const { findings, unused } = withSuppressions(found, subjects);
  return { findings: findings.toSorted(byPlace), unused, assumptions: [...assumptions] };
}

function findingsOf(matter: Matter, assumptions: Set<string>): Finding[] {
  const { subject } = matter;
  const findings = CHECKS.flatMap(check => check(subject));
  for (const check of SET_CHECKS) {
    const more = withinBudget(() => check(matter));
    if (more !== undefined) findings.push(...more);
    else {
      if (check === coveredRules) findings.push(...afterCatchAll(subject));
      assumptions.add(`the IPv${subject.family} rules are too many to look at all of their packets: some kinds of findings were left out`);
    }
  }
  for (const sentence of [...(subject.host?.assumed ?? []), ...matter.space.surroundings.unknown, ...aboutBridges(subject)])
    assumptions.add(sentence);
  return findings;
}

/** Do frames that a bridge passes on meet the rules? It depends on a setting that hosts differ in. */
function aboutBridges({ host, family }: Subject): string[] {
  const setting = family === 4 ? "net.bridge.bridge-nf-call-iptables" : "net.bridge.bridge-nf-call-ip6tables";
  const bridges = new Set(host?.interfaces.flatMap(({ bridge }) => bridge ?? []));
  return bridges.size === 0 || host?.sysctls.has(setting)
    ? []
    : [`${setting} is 1, so that what ${[...bridges].join(" and ")} passes on meets FORWARD`];
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
