import type { Finding } from "../finding.ts";
import { allowanceInRemark, allowancesIn, type Allowance } from "./allowances.ts";
import type { Subject } from "./subject.ts";

/** An allowance that met no finding. */
export interface Unused {
  readonly file: string;
  readonly line: number;
  readonly codes: readonly string[];
}

/** The findings, those that comments allow marked with the reason, and the comments that allow what was not found. */
export function withSuppressions(
  findings: readonly Finding[],
  subjects: readonly Subject[],
): { readonly findings: readonly Finding[]; readonly unused: readonly Unused[] } {
  const byFile = new Map<string, readonly Allowance[]>();
  for (const { texts } of subjects) for (const [file, lines] of texts) if (!byFile.has(file)) byFile.set(file, allowancesIn(lines));
  const used = new Map<Allowance, Set<string>>();
  const marked = findings.map((finding): Finding => {
    const allowances = finding.at.line === 0 ? [...byFile.values()].flat() : (byFile.get(finding.at.file) ?? []);
    const comment = allowances.find(
      ({ codes, first, last }) => codes.includes(finding.code) && first <= finding.at.line && finding.at.line <= last,
    );
    if (comment) used.set(comment, new Set(used.get(comment)).add(finding.code));
    const allowed = comment ?? remarkFor(finding, subjects);
    return allowed === undefined ? finding : { ...finding, suppressed: allowed.reason };
  });
  const unused: Unused[] = [];
  for (const [file, allowances] of byFile) {
    for (const allowance of allowances) {
      const idle = allowance.codes.filter(code => used.get(allowance)?.has(code) !== true);
      if (idle.length > 0) unused.push({ file, line: allowance.line, codes: idle });
    }
  }
  return { findings: marked, unused };
}

function remarkFor({ code, family, at }: Finding, subjects: readonly Subject[]): { readonly reason: string } | undefined {
  if (at.number === undefined) return undefined;
  for (const subject of subjects) {
    if (subject.family !== family) continue;
    for (const ruleset of [subject.ruleset, subject.beside]) {
      const table = [...(ruleset?.tables.values() ?? [])].find(({ name }) => name === at.table);
      const rule = table?.chains.get(at.chain)?.rules[at.number - 1];
      if (rule === undefined || rule.at.line !== at.line) continue;
      for (const { lowered } of rule.matches) {
        const allowance = lowered.remark === undefined ? undefined : allowanceInRemark(lowered.remark);
        if (allowance?.codes.includes(code)) return allowance;
      }
    }
  }
  return undefined;
}
