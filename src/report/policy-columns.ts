import { plain, strong, type Line, type Span } from "./span.ts";

/** A column of a table: its heading, and how wide it may get. */
export interface Column {
  readonly title: string;
  readonly cells: readonly Span[];
  /** Columns that are narrower than this never get narrower. */
  readonly atLeast: number;
}

const GAP = 2;

/**
 * A table as lines: each column as wide as its longest cell while the whole fits in `width`, else the widest columns get narrower and their cells
 * continue on the next line. All columns have the same number of cells.
 */
export function columnLines(columns: readonly Column[], width: number): Line[] {
  const widths = fit(columns, width);
  const count = columns[0]?.cells.length ?? 0;
  const lines: Line[] = [
    join(
      columns.map(({ title }) => strong(title)),
      widths,
    ),
  ];
  for (let row = 0; row < count; row++) {
    const cells = columns.map(({ cells }, column) => wrapped(cells[row] ?? plain(""), widths[column] ?? 1));
    const height = Math.max(...cells.map(parts => parts.length));
    for (let part = 0; part < height; part++)
      lines.push(
        join(
          cells.map(parts => parts[part] ?? plain("")),
          widths,
        ),
      );
  }
  return lines;
}

const length = (text: string): number => (/[^\0-\xff]/.test(text) ? Array.from(text).length : text.length);

/** Takes columns off the widest until all fit. */
function fit(columns: readonly Column[], width: number): number[] {
  const widths = columns.map(({ title, cells }) => cells.reduce((most, { text }) => Math.max(most, length(text)), length(title)));
  const room = width - GAP * (columns.length - 1);
  const least = columns.map(({ atLeast, cells }) => Math.max(atLeast, longestWord(cells)));
  for (let over = sum(widths) - room; over > 0;) {
    const free = widths.map((own, i) => own - (least[i] as number));
    const widest = widths.reduce(
      (best, own, i) => ((free[i] as number) > 0 && (best < 0 || own > (widths[best] as number)) ? i : best),
      -1,
    );
    if (widest < 0) break;
    const next = Math.max(0, ...widths.filter((own, i) => own < (widths[widest] as number) && (free[i] as number) > 0));
    const cut = Math.min(over, free[widest] as number, Math.max(1, (widths[widest] as number) - next));
    widths[widest] = (widths[widest] as number) - cut;
    over -= cut;
  }
  return widths;
}

/** Letters of the longest word that ought not to be broken. */
function longestWord(cells: readonly Span[]): number {
  let longest = 0;
  for (const { text } of cells) for (const word of text.split(" ")) longest = Math.max(longest, Math.min(WORD_MAX, length(word)));
  return longest;
}

const WORD_MAX = 24;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

function join(spans: readonly Span[], widths: readonly number[]): Line {
  return spans.flatMap(({ text, tone }, i): Span[] => {
    const pad = i === spans.length - 1 ? 0 : (widths[i] ?? 0) - length(text) + GAP;
    return [{ text, tone }, ...(pad > 0 ? [plain(" ".repeat(pad))] : [])];
  });
}

/** A cell in lines of at most `width` letters, broken at blanks where there are any. */
function wrapped({ text, tone }: Span, width: number): Span[] {
  if (length(text) <= width) return [{ text, tone }];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && length(line) + 1 + length(word) > width) {
      lines.push(line);
      line = "";
    }
    let rest = line === "" ? word : `${line} ${word}`;
    for (let letters = Array.from(rest); letters.length > width; letters = Array.from(rest)) {
      const cut = cutOf(letters, width);
      lines.push(letters.slice(0, cut).join(""));
      rest = letters.slice(cut).join("");
    }
    line = rest;
  }
  if (line !== "") lines.push(line);
  return lines.map(text => ({ text, tone }));
}

/** Where a word that is too long for its line is cut: behind a hyphen, where there is one in the line's second half. */
function cutOf(letters: readonly string[], width: number): number {
  const hyphen = letters.lastIndexOf("-", width - 1);
  return hyphen >= width >> 1 ? hyphen + 1 : width;
}
