import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { showLine } from "../state/actions.ts";
import { documents, familyOf, openDocuments, origin, shown } from "../state/documents.ts";
import { hits } from "../state/hits.ts";
import { reading } from "../state/reading.ts";
import { cursorLine } from "./cursor.ts";
import { Keys } from "./keys.tsx";
import { chosenWrapping, isWrapped } from "./long-lines.ts";
import { tools } from "./tools.ts";
import { fullCount } from "./counts.ts";

/** Under the text: where the cursor is, and what is wrong with the text. */
export function StatusLine(): JSX.Element {
  const place = useComputed(() => placeOf(cursorLine.value));
  const first = useComputed(() => reading.value?.faults.find(({ document }) => document === shown.value)).value;
  const { error: errors, warning: warnings } = reading.value?.faultCounts[shown.value] ?? { error: 0, warning: 0 };
  return (
    <footer class="editor-status small">
      <span class="from-rules">{place.value}</span>
      <span class="spacer" />
      <button
        type="button"
        class="button plain small editor-small"
        aria-pressed={isWrapped.value}
        title="Whether long lines go on below"
        onClick={() => {
          chosenWrapping.value = !isWrapped.value;
        }}
      >
        Wrap
      </button>
      {tools.value ? (
        <button
          type="button"
          class="button plain small editor-small"
          title="Explain the word at the cursor (F1)"
          onClick={() => tools.value?.explain()}
        >
          Explain
        </button>
      ) : null}
      <Keys />
      {origin.value.readOnly === undefined ? null : (
        <>
          <span class="badge note from-rules">read-only: {printable(origin.value.readOnly)}</span>
          <button type="button" class="act small" onClick={openCopy}>
            Edit a copy
          </button>
        </>
      )}
      {first === undefined ? (
        documents.value[shown.value] === "" ? null : (
          <span class="soft">{reading.value === undefined ? "reading …" : "no errors"}</span>
        )
      ) : (
        <button type="button" class="act small" title="Go to the first one, and list them" onClick={() => showProblems(first.line)}>
          {errors > 0 ? `✕ ${fullCount(errors, "error")}` : ""}
          {errors > 0 && warnings > 0 ? ", " : ""}
          {warnings > 0 ? `⚠ ${fullCount(warnings, "warning")}` : ""}
        </button>
      )}
    </footer>
  );
}

function showProblems(line: number): void {
  showLine(shown.value, Math.max(1, line));
  tools.value?.problems();
}

function openCopy(): void {
  openDocuments(documents.value, { name: `copy of ${origin.value.name}`, readOnly: undefined });
}

function placeOf(line: number): string {
  const family = familyOf(shown.value);
  const amount = family === undefined ? undefined : hits.value?.lines[family].get(line);
  const seen = hits.value && amount ? ` · ${fullCount(amount.packets, "packet")} of ${printable(hits.value.of)}` : "";
  for (const { family: of, name, chains } of reading.value?.tables ?? []) {
    if (of !== family) continue;
    for (const chain of chains) {
      if (chain.line === line) return `line ${line} · ${name} ${printable(chain.name)}`;
      if ((chain.rules[0]?.line ?? 0) > line || (chain.rules.at(-1)?.line ?? 0) < line) continue;
      const rule = chain.rules.find(each => each.line === line);
      if (rule) return `line ${line} · ${name} ${printable(chain.name)} rule ${rule.number}${seen}`;
    }
  }
  return `line ${line}`;
}
