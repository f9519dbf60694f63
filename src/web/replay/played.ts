import type { Family } from "../../predicate/index.ts";
import type { Hits } from "../state/hits.ts";

/** What the page says of where packets come in. */
export interface EntryWords {
  /** The interface of whatever nothing else is known of; empty for none. */
  readonly device: string;
  /** Lines `NETWORK=INTERFACE`. */
  readonly networks: string;
}

/** Packets and bytes of something that has a name. */
export interface NamedAmount {
  readonly name: string;
  readonly packets: number;
  readonly bytes: number;
}

/** What dropped packets: a rule, a policy, or the kernel itself. */
export interface DroppedBy {
  readonly family: Family | undefined;
  /** Of the rule or the chain in its family's text; 0 where there is none. */
  readonly line: number;
  /** `filter INPUT rule 5`, `the policy of filter INPUT`, or the kernel's reason. */
  readonly place: string;
  /** The rule's own words; empty for a policy. */
  readonly rule: string;
}

/** Packets over time, in columns of equal width. Times in ns since 1970. */
export interface PlayedTime {
  readonly start: bigint;
  /** Of one column, in ns. */
  readonly width: bigint;
  readonly accepted: readonly number[];
  readonly dropped: readonly number[];
}

/** What a capture came to, as the page shows it: so far, while it runs. */
export interface Played {
  readonly packets: number;
  readonly bytes: number;
  readonly first: bigint | undefined;
  readonly last: bigint | undefined;
  /** `delivered`, `forwarded`, `dropped` …: those that occur. */
  readonly verdicts: readonly NamedAmount[];
  /** Which interfaces packets came in on, and those that this machine sent. */
  readonly ways: readonly NamedAmount[];
  readonly skipped: readonly NamedAmount[];
  readonly time: PlayedTime;
  readonly droppedBy: readonly { readonly by: DroppedBy; readonly packets: number; readonly bytes: number }[];
  /** Packets that others than those in `droppedBy` dropped. */
  readonly moreDropped: number;
  readonly sessions: readonly { readonly protocol: string; readonly sessions: number }[];
  /** Some were counted twice. */
  readonly sessionsInexact: boolean;
  readonly translations: readonly { readonly manip: string; readonly from: string; readonly to: string; readonly sessions: number }[];
  readonly logged: { readonly lines: number; readonly first: readonly string[] };
  readonly faults: readonly { readonly offset: number; readonly message: string }[];
  readonly faultCount: number;
  /** Packets that the kernel made in answer. */
  readonly answers: number;
  /** Sentences about the capture: cut packets, checksums, a clock that was set back, a family without rules … */
  readonly notes: readonly string[];
  /** What was guessed about the machine. */
  readonly assumed: readonly string[];
  /** The machine as a host file where it was guessed; undefined where the page has one. */
  readonly machine: string | undefined;
  readonly hits: Pick<Hits, "lines" | "policies">;
}

/** How far a run is. */
export interface PlayProgress {
  /** Bytes of the file, read and all. */
  readonly read: number;
  readonly size: number;
  readonly played: Played;
}

/** How a run ended. */
export type PlayEnd =
  | {
      readonly end: "done" | "stopped";
      /** Bytes of the file that were read. */
      readonly read: number;
      readonly played: Played;
      /** What left the firewall, where that was asked for. */
      readonly leaving: { readonly file: Blob; readonly frames: number; readonly lost: number } | undefined;
    }
  | { readonly end: "refused"; readonly message: string };
