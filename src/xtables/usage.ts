/** Columns of the input line, 1-based, end exclusive. */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/** What makes iptables 1.8.9 say a sentence of its own: the exit status that goes with it. 2 bad usage, 1 other faults, 4 refused by the kernel. */
export type Status = 1 | 2 | 3 | 4;

/** Wrong text from the user. `message` is iptables' own sentence where it has one; `syntax/` adds the span when it is missing. */
export class UsageError extends Error {
  readonly status: Status;
  readonly span: Span | undefined;
  /** What the user may have meant: `--dport`. */
  readonly guess: string | undefined;
  constructor(message: string, more: { status?: Status; span?: Span | undefined; guess?: string | undefined } = {}) {
    super(message);
    this.name = "UsageError";
    this.status = more.status ?? 2;
    this.span = more.span;
    this.guess = more.guess;
  }
}
