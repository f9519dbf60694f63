import type { Family } from "../predicate/index.ts";
import type { Backend, Given, MatchType, NameTables, Span, TargetType, UsageError } from "../xtables/index.ts";
import type { SpokenCounters } from "./counters.ts";

/** An option's value as it stood there. */
export interface Spoken {
  readonly text: string;
  readonly invert: boolean;
  readonly span: Span;
}

/** A match or target in a line with the options given to it. Without a type it is one that only --lenient keeps. */
export interface Loaded {
  readonly name: string;
  readonly type: MatchType<unknown> | TargetType<unknown> | undefined;
  readonly given: Given[];
  /** The words of an unknown extension. */
  readonly words: string[];
  readonly span: Span;
}

/** A command of a line: `-A INPUT`, `-I INPUT 3`, `-P INPUT DROP`. The letter is iptables' own; D with a number deletes by number. */
export interface SpokenCommand {
  readonly letter: string;
  readonly chain: string | undefined;
  readonly number?: number;
  /** `-E OLD NEW`: the new name; `-P CHAIN TARGET`: the policy. */
  readonly argument?: string;
  /** -L or -S with -Z: what was listed is set to zero, a whole chain or table or, with a number after -Z, one rule. */
  readonly zero?: "chain" | "rule";
  readonly span: Span;
}

/** Everything one command line or rule line says, before anything of it is looked up. */
export interface Scan {
  command: SpokenCommand | undefined;
  source: Spoken | undefined;
  destination: Spoken | undefined;
  inInterface: Spoken | undefined;
  outInterface: Spoken | undefined;
  protocol: (Spoken & { readonly number: number }) | undefined;
  fragment: Spoken | undefined;
  jump: (Spoken & { readonly goto: boolean }) | undefined;
  target: Loaded | undefined;
  readonly matches: Loaded[];
  counters: SpokenCounters | undefined;
  table: Spoken | undefined;
  /** -4 or -6, where one was said that is not the reader's own. */
  otherFamily: boolean;
  /** Options that only some commands take: letters of -n -v -x and `0` for --line-numbers; -h, -V, -w and -W too. */
  flags: ReadonlyMap<string, Span>;
  /** How often -v was said. */
  verbose: number;
  /** -h or -V, behind which nothing is read. */
  stop: { readonly letter: "h" | "V"; readonly invert: boolean } | undefined;
  /** What is wrong with the words as a whole, told of after what is wrong with the options. */
  late: UsageError | undefined;
}

/** What scanning needs to know of the place. */
export interface ScanContext {
  readonly family: Family;
  readonly variant: Backend;
  readonly lenient: boolean;
  readonly oldSyntax: boolean;
  readonly names: NameTables;
  /** Line number for spans. */
  readonly line: number;
  /** The word before the first one, when that may be told: the program's name, or the table of a restore line. */
  readonly called?: string | undefined;
  /** Hears what the values that were read before a fault have to tell. */
  readonly warn?: (message: string) => void;
  /** A restore file: -t is refused. */
  readonly restore: boolean;
  /** Whether a chain of that name exists, for the word after -j. */
  isChain(name: string): boolean;
}

/** Bytes of an extension's or chain's name, less the final NUL. Kernel: x_tables.h, XT_EXTENSION_MAXNAMELEN. */
export const MOST_IN_NAME = 28;

const NO_FLAGS: ReadonlyMap<string, Span> = new Map();

/** A line that says nothing. */
export const emptyScan = (): Scan => ({
  command: undefined,
  source: undefined,
  destination: undefined,
  inInterface: undefined,
  outInterface: undefined,
  protocol: undefined,
  fragment: undefined,
  jump: undefined,
  target: undefined,
  matches: [],
  counters: undefined,
  table: undefined,
  otherFamily: false,
  flags: NO_FLAGS,
  verbose: 0,
  stop: undefined,
  late: undefined,
});
