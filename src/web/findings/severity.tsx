import type { JSX } from "preact";
import type { Severity } from "../../analysis/index.ts";

/** Gravest first. */
export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

const WORDS: Readonly<Record<Severity, { readonly one: string; readonly many: string; readonly sign: string; readonly badge: string }>> = {
  error: { one: "error", many: "errors", sign: "✕", badge: "drop" },
  warning: { one: "warning", many: "warnings", sign: "⚠", badge: "warn" },
  info: { one: "note", many: "notes", sign: "i", badge: "note" },
};

/** `2 warnings` */
export function severityCount(severity: Severity, count: number): string {
  const { one, many } = WORDS[severity];
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

/** What a heading of findings of that severity says. */
export const severityTitle = (severity: Severity): string => {
  const { many } = WORDS[severity];
  return `${many.charAt(0).toUpperCase()}${many.slice(1)}`;
};

/** The word for a severity with its sign. */
export function SeverityBadge({ severity }: { readonly severity: Severity }): JSX.Element {
  const { one, sign, badge } = WORDS[severity];
  return (
    <span class={`badge ${badge}`}>
      <span aria-hidden="true">{sign}</span>
      {one}
    </span>
  );
}
