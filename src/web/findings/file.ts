import { jsonText, lintJson, lintSarif } from "../../report/index.ts";
import { VERSION } from "./version.ts";
import type { Findings } from "./work.ts";

/** Findings as a file for other programs: as `ferrule lint` prints them with --json or --sarif. */
export function findingsFile(report: Findings, form: "json" | "sarif"): string {
  return `${jsonText(form === "json" ? lintJson(report) : lintSarif(report.findings, VERSION))}\n`;
}
