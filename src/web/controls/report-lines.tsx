import type { JSX } from "preact";
import type { Line } from "../../report/index.ts";

/** Lines of a report as the command prints them, in its colours; they scroll where they are long or many. */
export function ReportLines({ label, lines }: { readonly label: string; readonly lines: readonly Line[] }): JSX.Element {
  return (
    <div class="report-lines" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, index) => (
        <p key={index}>
          {line.length === 0
            ? "\u00a0"
            : line.map(({ text, tone }, at) => (
                <span key={at} class={`tone-${tone}`}>
                  {text}
                </span>
              ))}
        </p>
      ))}
    </div>
  );
}
