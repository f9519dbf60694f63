import type { Finding } from "../../analysis/index.ts";
import { findKind, lint, type FindingKind, type Subject, type Unused } from "../../analysis/lint/index.ts";
import { wordsFor } from "../../report/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall, type ReadFirewall } from "../work/firewall.ts";
import { inPage } from "../work/page-words.ts";

/** What lint found in the texts of a page, with what there is to know of each kind that it found. */
export interface Findings {
  readonly findings: readonly Finding[];
  readonly unused: readonly Unused[];
  readonly assumptions: readonly string[];
  /** By code. */
  readonly kinds: ReadonlyMap<string, FindingKind>;
  /** Conditions of witnesses in words for people, by what is said of them for machines. */
  readonly words: ReadonlyMap<string, string>;
}

/** Looks for findings in the texts, lines with faults left out. `now` in µs since the epoch, for sets whose entries time out. */
export function lintTexts(texts: Documents, now: number): Findings {
  const firewall = readFirewall(texts, now);
  const { findings, unused, assumptions } = lint(subjectsOf(texts, firewall));
  const kinds = new Map<string, FindingKind>();
  for (const { code } of findings) {
    const kind = findKind(code);
    if (kind) kinds.set(code, kind);
  }
  const inWords = wordsFor([firewall.v4, firewall.v6]);
  const conditions = findings.flatMap(({ witness }) => witness?.depends ?? []);
  const words = new Map(conditions.map(({ about }) => [about, inWords(about)]));
  return { findings: findings.map(forPage), unused, assumptions: assumptions.map(inPage), kinds, words };
}

const forPage = (finding: Finding): Finding => ({ ...finding, message: inPage(finding.message) });

function subjectsOf(texts: Documents, { v4, v6, host, sets }: ReadFirewall): readonly Subject[] {
  const lines = new Map<string, readonly string[]>();
  for (const [file, text] of [
    ["rules.v4", texts.rules4],
    ["rules.v6", texts.rules6],
  ] as const)
    if (text !== "") lines.set(file, text.split("\n"));
  const subject = (ruleset: Ruleset, other: Ruleset | undefined): Subject => ({
    family: ruleset.family,
    ruleset,
    other,
    beside: undefined,
    host,
    sets,
    texts: lines,
  });
  return [...(v4 ? [subject(v4, v6)] : []), ...(v6 ? [subject(v6, v4)] : [])];
}
