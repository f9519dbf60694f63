import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { MoreButton } from "../controls/more-button.tsx";
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
      <ul class="plain-list stack">
        {rows.slice(0, shown.value).map((row, index) => (
          <RowCard key={index} row={row} />
        ))}
      </ul>
      <MoreButton rest={rest} shown={shown} page={PAGE} />
    </>
  );
}
