import { findKind, type ChangedText, type LintReport } from "../analysis/lint/index.ts";
import type { Finding } from "../analysis/finding.ts";
import type { RulePointer, Witness } from "../analysis/witness.ts";
import type { Json } from "./trace-json.ts";

/** Version of the JSON that `lint --json` prints; docs/json.md describes it. */
export const LINT_JSON_VERSION = 1;

/** Findings as JSON, gravest first. */
export function lintJson({ findings, unused, assumptions }: LintReport): Json {
  return {
    ferrule: "lint",
    version: LINT_JSON_VERSION,
    assumed: [...assumptions],
    findings: findings.map(findingJson),
    unused: unused.map(({ file, line, codes }) => ({ file, line, codes: [...codes] })),
  };
}

/** What `lint --fix --json` prints: the changed text of each family, what was done and what was not, and what that changes. */
export function lintFixJson(changes: readonly ChangedText[], diff: Json): Json {
  return {
    ferrule: "lint-fix",
    version: LINT_JSON_VERSION,
    rules: changes.map(({ text, ruleset, applied, left }) => ({
      family: ruleset.family,
      text,
      applied: applied.map(({ finding }) => findingJson(finding)),
      left: left.map(findingJson),
    })),
    diff,
  };
}

const findingJson = ({ code, severity, at, message, related, witness, fix, suppressed }: Finding): Json => ({
  code,
  title: findKind(code)?.title ?? "",
  severity,
  ...pointerJson(at),
  message,
  related: related.map(pointerJson),
  witness: witness ? witnessJson(witness) : null,
  fix: fix ? { about: fix.about, edits: fix.edits.map(edit => ({ ...edit })) } : null,
  suppressed: suppressed ?? null,
});

const pointerJson = ({ family, table, chain, number, file, line, text }: RulePointer): { readonly [key: string]: Json } => ({
  family,
  table,
  chain,
  rule: number ?? null,
  file,
  line,
  text,
});

const witnessJson = ({ path, packet, about, claim, role, depends }: Witness): Json => ({
  path,
  packet,
  about,
  claim,
  role: role ?? null,
  depends: depends.map(({ about: condition, holds }) => ({ about: condition, holds })),
});
