/** A question that people really asked about a firewall, and the commands that settle it. */
export interface Question {
  /** As in the collection of cases: `u01`. */
  readonly id: string;
  readonly asks: string;
  /** Each is run; together they are the answer. */
  readonly settled: readonly Run[];
}

/** One command line, and what its output must hold. */
export interface Run {
  /**
   * Words as a shell takes them, with single quotes; without the leading `ferrule`. Names of files are those in rules/; STORE is a store of its own, NEW a
   * file to write.
   */
  readonly line: string;
  /** What the store holds before: a file of rules/. */
  readonly store?: string;
  readonly status: number;
  readonly finds: readonly string[];
  readonly lacks?: readonly string[];
  /** Texts that occur exactly so often. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** Splits a line into words at blanks outside single quotes. */
export function wordsOfLine(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
