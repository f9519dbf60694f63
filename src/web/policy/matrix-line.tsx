import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { cellWords, type CellWords } from "./cell-words.ts";
import type { Window } from "./window.ts";

/** Where the columns of a matrix stand. */
export interface Across extends Window {
  /** The columns that are drawn, by their indexes. */
  readonly columns: readonly number[];
  /** Pixels of those that are not, before and behind. */
  readonly before: number;
  readonly behind: number;
}

/**
 * One line of the matrix. `place` is its place among the chosen ones; `active` the place of the column whose cell takes the focus, if it is in
 * this line.
 */
export function matrixLine(props: {
  readonly line: number;
  readonly place: number;
  readonly name: string;
  readonly special: boolean;
  /** The codes of all cells of the line, by column. */
  readonly codes: Uint8Array;
  readonly across: Across;
  readonly active: number | undefined;
}): JSX.Element {
  const { line, place, name, special, codes, across, active } = props;
  return (
    <tr key={line} aria-rowindex={place + 2}>
      <th scope="row" class="from-rules" title={printable(name)}>
        <span class="policy-service">{printable(name)}</span>
      </th>
      {across.before > 0 ? <td class="policy-gap" /> : null}
      {across.columns.map((column, seat) => cell(cellWords(codes[column] ?? 0, special), column, place, across.first + seat, active))}
      {across.behind > 0 ? <td class="policy-gap" /> : null}
    </tr>
  );
}

function cell({ tone, sign, word, about }: CellWords, column: number, line: number, seat: number, active: number | undefined): JSX.Element {
  const text = `${sign} ${word}`;
  const isActive = seat === active;
  return (
    <td key={column} aria-colindex={seat + 2}>
      <button
        type="button"
        class={`policy-cell ${tone}`}
        tabIndex={isActive ? 0 : -1}
        data-cell={`${line} ${seat}`}
        data-active={isActive ? "" : undefined}
        aria-label={word === "" ? about : `${text}: ${about}`}
      >
        {word === "" ? "" : text}
      </button>
    </td>
  );
}
