import type { Finding, Severity } from "../../analysis/index.ts";

/** Which findings the list shows. */
export interface Wanted {
  readonly severities: ReadonlySet<Severity>;
  /** Words that must all be in the finding: its code, title, sentence or rule. Case does not matter. */
  readonly words: string;
}

/** The findings that are wanted, allowed ones apart. */
export function wantedFindings(
  findings: readonly Finding[],
  titleOf: (code: string) => string,
  { severities, words }: Wanted,
): { readonly open: readonly Finding[]; readonly allowed: readonly Finding[] } {
  const needles = words
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== "");
  const fits = (finding: Finding): boolean => {
    if (!severities.has(finding.severity)) return false;
    if (needles.length === 0) return true;
    const { code, at, message, related } = finding;
    const hay = [code, titleOf(code), message, at.text, at.table, at.chain, ...related.map(({ text }) => text)].join("\n").toLowerCase();
    return needles.every(needle => hay.includes(needle));
  };
  const wanted = findings.filter(fits);
  return {
    open: wanted.filter(({ suppressed }) => suppressed === undefined),
    allowed: wanted.filter(({ suppressed }) => suppressed !== undefined),
  };
}
