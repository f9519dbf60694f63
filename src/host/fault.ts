/** What is wrong in a text about a host, and where. Lines and columns from 1, the end exclusive. */
export interface HostFault {
  /** A file's name, or the flag: `--route`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly message: string;
}

/** What was read, unless something was wrong. */
export type HostReading<T> =
  | { readonly value: T; readonly faults: readonly [] }
  | { readonly value: undefined; readonly faults: readonly HostFault[] };

/** More faults than these are not told. */
export const MAX_FAULTS = 20;

/** A text with its name, for positions. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** The fault of the characters from `start` to `end`, offsets into the text; one that spans lines ends with the first. */
export function faultAt({ file, text }: NamedText, start: number, end: number, message: string): HostFault {
  const before = text.slice(0, start);
  const lineStart = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let i = before.indexOf("\n"); i >= 0; i = before.indexOf("\n", i + 1)) line++;
  const newline = text.indexOf("\n", start);
  const last = Math.min(Math.max(end, start + 1), newline < 0 ? Infinity : Math.max(newline, start + 1));
  return { file, line, column: start - lineStart + 1, endColumn: last - lineStart + 1, message };
}
