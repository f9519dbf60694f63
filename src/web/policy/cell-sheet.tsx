import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { printable, type GridAxis } from "../../report/index.ts";
import { cellQuestion } from "./cell-question.ts";
import { cellWords } from "./cell-words.ts";
import { RowList } from "./row-list.tsx";
import { askTyped, searchText } from "./search-state.ts";
import type { Sheet } from "./sheet.ts";
import { sheet } from "./state.ts";
import type { ColumnView, RowView, SectionView } from "./view.ts";

const END: Readonly<Record<GridAxis, string>> = { clients: "from", servers: "to" };

/** What a cell or the head of a column opens: below the matrix, beside the rules that it leads to. */
export function CellSheet({ shown }: { readonly shown: Sheet }): JSX.Element | null {
  const policy = shown.of;
  const heading = useRef<HTMLHeadingElement>(null);
  const element = useRef<HTMLElement>(null);
  // Before anything is drawn: a key that is pressed as soon as the sheet is seen is meant for it.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    const own = element.current;
    if (opener && own) uncover(opener, own);
    return () => {
      const { activeElement } = document;
      const lost = activeElement === document.body || own?.contains(activeElement) === true;
      if (lost && opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [sheet.value]);
  const section = policy.sections[shown.section];
  const column = section?.matrices[shown.axis].columns[shown.column];
  if (!section || !column) return null;
  const close = (): void => {
    sheet.value = undefined;
  };
  return (
    <section
      ref={element}
      class="policy-sheet"
      role="dialog"
      aria-label="Details"
      onKeyDown={event => {
        if (event.key === "Escape") close();
      }}
    >
      <header class="row">
        <h3 ref={heading} tabIndex={-1} class="from-rules">
          {shown.is === "cell" ? `${printable(section.lines[shown.line]?.name ?? "")} ${END[shown.axis]} ` : "Addresses: "}
          {printable(column.name)}
        </h3>
        <span class="spacer" />
        <button type="button" class="button plain" onClick={close} aria-label="Close the details">
          ✕
        </button>
      </header>
      {shown.is === "column" ? (
        <p class="rule-text">{printable(column.addresses)}</p>
      ) : (
        <CellRows section={section} rows={policy.rows[shown.section] ?? []} shown={shown} column={column} />
      )}
    </section>
  );
}

/** Scrolls what was clicked out from under the sheet. */
function uncover(opener: Element, cover: Element): void {
  const hidden = opener.getBoundingClientRect().bottom + NEAR - cover.getBoundingClientRect().top;
  const panel = cover.closest(".panel");
  if (hidden > 0 && panel) panel.scrollTop += hidden;
}

/** Pixels between what was clicked and the sheet. */
const NEAR = 48;

interface CellRowsProps {
  readonly section: SectionView;
  readonly rows: readonly RowView[];
  readonly shown: Sheet & { readonly is: "cell" };
  readonly column: ColumnView;
}

function CellRows({ section, rows, shown, column: { addresses, asked } }: CellRowsProps): JSX.Element {
  const { axis, line, column } = shown;
  const service = section.lines[line]?.asked;
  const question = service && asked !== undefined ? cellQuestion(section, axis, service, asked) : undefined;
  const { columns, cells } = section.matrices[axis];
  const code = cells[line * columns.length + column] ?? 0;
  const here = (places: Uint16Array | undefined): RowView[] =>
    [...(places ?? [])].flatMap(at => (rows[at]?.columns[axis].includes(column) ? [rows[at]] : []));
  const found = here(section.lines[line]?.rows);
  const parts = here(section.lines[line]?.parts);
  const { sign, word, about } = cellWords(code, section.lines[line]?.special);
  return (
    <div class="stack">
      <p>
        <strong>{`${sign} ${word}`.trim() || "no"}</strong>: {about}.{" "}
        {code === 0 && section.lines[line]?.special !== true && section.refusals.length > 0 ? (
          <span class="from-rules">Such a first packet is {printable(section.refusals.join("; or "))}.</span>
        ) : null}
        {found.length + parts.length > 1 ? `${found.length + parts.length} kinds of sessions are behind this.` : null}
      </p>
      {question === undefined ? null : (
        <p>
          <button
            type="button"
            class="act"
            onClick={() => {
              searchText.value = question;
              sheet.value = undefined;
              void askTyped();
              document.querySelector<HTMLElement>("#policy-question")?.focus();
            }}
          >
            Ask about exactly this
          </button>{" "}
          <code class="rule-text soft">{printable(question)}</code>
        </p>
      )}
      <details>
        <summary>Addresses</summary>
        <p class="rule-text">{printable(addresses)}</p>
      </details>
      <RowList key={`${axis} ${line} ${column}`} rows={found} />
      {parts.length > 0 ? (
        <>
          <h4>Of a part of the service</h4>
          <RowList key={`parts ${axis} ${line} ${column}`} rows={parts} />
        </>
      ) : null}
    </div>
  );
}
