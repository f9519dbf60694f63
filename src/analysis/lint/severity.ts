import type { Severity } from "../finding.ts";

/** Gravest first. */
export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** Is one severity at least as grave as another? */
export const atLeast = (severity: Severity, level: Severity): boolean => SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(level);
