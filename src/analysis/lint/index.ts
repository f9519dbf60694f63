/** What is wrong with a ruleset: findings with stable codes. */
export { findKind, FINDING_KINDS } from "./kinds/index.ts";
export { type FindingKind } from "./kind.ts";
export { type Subject } from "./subject.ts";
export { lint, type LintReport } from "./lint.ts";
export { type Unused } from "./suppression.ts";
export { atLeast, SEVERITIES } from "./severity.ts";
export { changedText, type ChangedText } from "./changed-text.ts";
export { type Applied } from "./chosen-edits.ts";
