import { findKind, FINDING_KINDS, type FindingKind } from "../analysis/lint/index.ts";
import type { Finding, Severity } from "../analysis/finding.ts";
import type { RulePointer } from "../analysis/witness.ts";
import type { Json } from "./trace-json.ts";

const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/** Findings as a SARIF 2.1.0 log of one run; what comments allow is there with its suppression. */
export function lintSarif(findings: readonly Finding[], version: string): Json {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ferrule", semanticVersion: version, rules: FINDING_KINDS.map(kindJson) } },
        columnKind: "utf16CodeUnits",
        results: findings.map(resultJson),
      },
    ],
  };
}

const kindJson = ({ code, title, severity, why, example, mend }: FindingKind): Json => ({
  id: code,
  name: title
    .split(/[^A-Za-z0-9]+/)
    .map(word => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join(""),
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: `${why}\n\nFor example:\n${example.join("\n")}\n\n${mend}` },
  defaultConfiguration: { level: LEVELS[severity] },
});

function resultJson({ code, severity, at, message, related, witness, fix, suppressed }: Finding): Json {
  const more = [...(witness ? [`Shown by: ${witness.packet}`] : []), ...(fix ? [`Fix: ${fix.about}`] : [])];
  return {
    ruleId: code,
    ruleIndex: FINDING_KINDS.findIndex(kind => kind === findKind(code)),
    level: LEVELS[severity],
    message: { text: [`${message}.`, ...more].join("\n") },
    locations: [locationJson(at)],
    ...(related.length > 0 && {
      relatedLocations: related.map((pointer, id) => ({ id, ...locationJson(pointer), message: { text: pointer.text } })),
    }),
    ...(suppressed !== undefined && { suppressions: [{ kind: "inSource", justification: suppressed }] }),
    partialFingerprints: { "ferruleRule/v1": `${code} ${at.family} ${at.table} ${at.chain} ${at.text}` },
  };
}

const locationJson = ({ family, table, chain, number, file, line, text }: RulePointer): { readonly [key: string]: Json } => ({
  ...(file !== "" &&
    file !== "<stdin>" && {
      physicalLocation: {
        artifactLocation: { uri: uriOf(file) },
        ...(line > 0 && { region: { startLine: line, snippet: { text } } }),
      },
    }),
  logicalLocations: [{ fullyQualifiedName: `ipv${family}/${table}/${chain}${number === undefined ? "" : `/${number}`}` }],
});

/** A relative or absolute path as a URI reference. */
function uriOf(file: string): string {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${path}` : path;
}
