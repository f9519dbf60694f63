import type { MatrixView, RowView, SectionView } from "./view.ts";

/** Lines and columns of a matrix that a filter leaves, by their indexes. */
export interface Chosen {
  readonly lines: readonly number[];
  readonly columns: readonly number[];
}

/** What a filter leaves of a matrix: lines and columns whose names hold its words; one that nothing of its kind holds, limits the other kind alone. */
export function chosenOf({ lines }: SectionView, { columns, cells }: MatrixView, filter: string): Chosen {
  const words = wordsOf(filter);
  const allLines = lines.map((_, index) => index);
  const allColumns = columns.map((_, index) => index);
  if (words.length === 0) return { lines: allLines, columns: allColumns };
  const hold = (text: string): number => words.filter(word => text.toLowerCase().includes(word)).length;
  const lineWords = new Set<string>();
  const columnWords = new Set<string>();
  for (const word of words) {
    if (lines.some(({ name }) => name.toLowerCase().includes(word))) lineWords.add(word);
    if (columns.some(({ name, addresses }) => holds(name, addresses, word))) columnWords.add(word);
  }
  if (words.some(word => !lineWords.has(word) && !columnWords.has(word))) return { lines: [], columns: [] };
  // A word that names services is not asked of addresses as well, unless it names nothing else.
  const ofLines = [...lineWords];
  const ofColumns = [...columnWords].filter(word => !lineWords.has(word));
  const keptColumns = allColumns.filter(at => ofColumns.every(word => holds(columns[at]?.name ?? "", columns[at]?.addresses ?? "", word)));
  const keptLines = allLines.filter(at => ofLines.length === 0 || hold(lines[at]?.name ?? "") >= ofLines.length);
  return {
    columns: keptColumns,
    lines:
      ofColumns.length === 0
        ? keptLines
        : keptLines.filter(line => keptColumns.some(column => cells[line * columns.length + column] !== 0)),
  };
}

const holds = (name: string, addresses: string, word: string): boolean =>
  name.toLowerCase().includes(word) || addresses.toLowerCase().includes(word);

const wordsOf = (filter: string): string[] =>
  filter
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== "");

/** Does a row hold all words of a filter? */
export function rowHolds({ services, from, to, through }: RowView, filter: string): boolean {
  const text = `${services} ${from} ${to} ${through}`.toLowerCase();
  return wordsOf(filter).every(word => text.includes(word));
}
