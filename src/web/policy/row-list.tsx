import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { RowCard } from "./row-card.tsx";
import type { RowView } from "./view.ts";

/** Rows that are drawn at once. */
const PAGE = 10;

/** Rows, a page of them at first. */
export function RowList({ rows }: { readonly rows: readonly RowView[] }): JSX.Element {
  const shown = useSignal(PAGE);
  const rest = rows.length - shown.value;
  return (
    <>
      <ul class="policy-plain stack">
        {rows.slice(0, shown.value).map((row, index) => (
          <RowCard key={index} row={row} />
        ))}
      </ul>
      {rest > 0 ? (
        <p>
          <button
            type="button"
            class="button"
            onClick={() => {
              shown.value += PAGE;
            }}
          >
            Show {Math.min(rest, PAGE)} more of {rest}
          </button>
        </p>
      ) : null}
    </>
  );
}
