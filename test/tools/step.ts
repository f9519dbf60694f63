import type { Family } from "../../src/predicate/index.ts";

/** One command of a sequence. */
export interface ToolStep {
  /** `iptables-nft`, `ip6tables-legacy-restore` … */
  readonly name: string;
  readonly argv: readonly string[];
  readonly stdin: string;
}

/** Commands that follow one another on one machine. */
export interface Sequence {
  readonly seed: number;
  readonly family: Family;
  readonly variant: "nft" | "legacy";
  readonly steps: readonly ToolStep[];
}

/** What a command said and how it ended. */
export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** A command as a person could type it. */
export const typed = ({ name, argv, stdin }: ToolStep): string =>
  `${stdin === "" ? "" : `printf %s ${quoted(stdin)} | `}${[name, ...argv].map(quoted).join(" ")}`;

/** A word in quotes that no shell looks into. */
export const quoted = (word: string): string => (/^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
