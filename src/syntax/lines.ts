/** One line of a text, without its end. Numbers count from 1. */
export interface Line {
  readonly number: number;
  readonly text: string;
  /** Offset where the line's own text begins: behind the indentation of an indented dump. */
  readonly start: number;
}

/** Something about a text as a whole that is worth telling. */
export interface LineNote {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Cuts a text into lines; a byte-order mark and carriage returns before line ends are taken away and told of once. An `indent` that a line
 * begins with does not count as part of it.
 */
export function linesOf(text: string, indent = ""): { readonly lines: Iterable<Line>; readonly notes: readonly LineNote[] } {
  const notes: LineNote[] = [];
  let from = 0;
  if (text.startsWith("\ufeff")) {
    notes.push({ message: "byte-order mark: ignored (iptables-restore refuses the first line because of it)", line: 1, column: 1 });
    from = 1;
  }
  const carriage = text.indexOf("\r\n");
  if (carriage >= 0) {
    let line = 1;
    for (let i = text.indexOf("\n"); i >= 0 && i < carriage; i = text.indexOf("\n", i + 1)) line++;
    notes.push({
      message: "lines end in CR LF: the carriage returns are ignored (iptables-restore would take them into the last word)",
      line,
      column: 1,
    });
  }
  return { lines: cut(text, from, indent), notes };
}

function* cut(text: string, from: number, indent: string): Iterable<Line> {
  let number = 0;
  for (let start = from; start < text.length;) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    number++;
    const line = text.slice(start, end > start && text[end - 1] === "\r" ? end - 1 : end);
    yield { number, text: line, start: indent !== "" && line.startsWith(indent) ? indent.length : 0 };
    start = end + 1;
  }
}
