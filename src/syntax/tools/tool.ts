import type { Family } from "../../predicate/index.ts";
import type { Ruleset } from "../../ruleset/index.ts";
import type { AbsentChains } from "../base-chains.ts";
import type { ReadOptions, Variant } from "../options.ts";
import type { ToolSets } from "./tool-sets.ts";

/** What the commands work on: a machine's rules and sets. */
export interface ToolState {
  readonly v4: Ruleset;
  readonly v6: Ruleset;
  /** The ipsets, which change in place; left out, rules may name any. */
  readonly sets?: ToolSets | undefined;
  /** The built-in chains that nf_tables has not made yet; left out, all of a table's are there. */
  readonly absent?: { readonly v4: AbsentChains; readonly v6: AbsentChains } | undefined;
}

/** What a command needs from outside. */
export interface ToolOptions extends Omit<ReadOptions, "family" | "variant"> {
  /** For names that do not say it; default "nft". */
  readonly variant?: Variant | undefined;
  /** The date and time in the comments of a saved ruleset, as ctime writes it; without it the comments have no date. */
  readonly date?: string | undefined;
  /** µs since the epoch, by which the entries of sets time out. */
  readonly now?: number | undefined;
  /** The text of a file named on a command line, or the reason why there is none (`No such file or directory`). Without it, there are none. */
  readonly read?: ((path: string) => { readonly text: string } | { readonly reason: string }) | undefined;
  /** Where each rule that a command makes comes from: a script's line. */
  readonly at?: { readonly file: string; readonly line: number; readonly column: number } | undefined;
}

/** What a command did. */
export interface ToolResult<State extends ToolState = ToolState> {
  readonly state: State;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
  /** A file that the command asked to be written (`iptables-save -f`); nobody has written it yet. */
  readonly write?: { readonly path: string; readonly text: string } | undefined;
  /** An extension that iptables has and Ferrule does not model, when that is why it failed. */
  readonly unsupported?: string | undefined;
}

/** A tool as called: which one it is, and how it speaks of itself. */
export interface Tool {
  /** As called, with the folder it was called in. */
  readonly called: string;
  /** Its name as it stands in its sentences. */
  readonly program: string;
  readonly kind: "tables" | "save" | "restore" | "xml" | "sets";
  readonly family: Family;
  readonly variant: Variant;
}

/** The rules of a family. */
export const rulesOf = (state: ToolState, family: Family): Ruleset => (family === 4 ? state.v4 : state.v6);

/** The chains that nf_tables has not made in a family. */
export const absentOf = ({ absent }: ToolState, family: Family): AbsentChains | undefined => (family === 4 ? absent?.v4 : absent?.v6);

/** The state with other rules in one family. */
export function withRules<State extends ToolState>(state: State, ruleset: Ruleset, absent: AbsentChains): State {
  const before = state.absent ?? { v4: new Map(), v6: new Map() };
  return ruleset.family === 4
    ? { ...state, v4: ruleset, absent: { ...before, v4: absent } }
    : { ...state, v6: ruleset, absent: { ...before, v6: absent } };
}
