import { findKind } from "../analysis/lint/index.ts";
import type { Finding, Severity } from "../analysis/finding.ts";
import { printable } from "./printable.ts";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

/** Findings as workflow commands of GitHub Actions, one a line; what comments allow is left out. */
export function lintAnnotations(findings: readonly Finding[]): string {
  return findings
    .filter(({ suppressed }) => suppressed === undefined)
    .map(annotation)
    .join("");
}

function annotation({ code, severity, at, message }: Finding): string {
  const place = at.line === 0 ? (at.file === "" ? "" : `file=${property(at.file)},`) : `file=${property(at.file)},line=${at.line},`;
  return `::${COMMANDS[severity]} ${place}title=${property(`${code} ${findKind(code)?.title ?? ""}`)}::${data(message)}\n`;
}

/** What a command's message may hold. */
const data = (text: string): string => printable(text).replaceAll("%", "%25");

/** What a command's property may hold. */
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
