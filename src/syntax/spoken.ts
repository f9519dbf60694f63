import type { Family } from "../predicate/index.ts";
import type { Given, MatchType, NameTables, Span, TargetType } from "../xtables/index.ts";
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
  /** Options that only some commands take: letters of -n -v -x and `0` for --line-numbers. */
  flags: ReadonlyMap<string, Span>;
}

/** What scanning needs to know of the place. */
export interface ScanContext {
  readonly family: Family;
  readonly lenient: boolean;
  readonly oldSyntax: boolean;
  readonly names: NameTables;
  /** Line number for spans. */
  readonly line: number;
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
});
