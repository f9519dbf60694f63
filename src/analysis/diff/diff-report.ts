import type { Family } from "../../predicate/index.ts";
import type { Certainty, ServiceClass } from "../policy-report.ts";
import type { Confirmation, Path, Ranges, RulePointer, Witness } from "../witness.ts";

/** What a change does to sessions or packets: lets through what was stopped, stops what was let through, or treats them otherwise. */
export type Change = "opens" | "closes" | "changes";

/** What becomes of a session or packet on one of the two sides. */
export interface Fate {
  /** `usable`, `half-open: the answer is dropped`, `dropped`, `rejected with icmp-port-unreachable`, `usable, to 10.0.0.5:80` */
  readonly text: string;
  /** The rule or policy that decides it for the witness. */
  readonly by: RulePointer | undefined;
  /** What the engine is to show; the packet is the same on both sides. Undefined where there is no packet of this family to show. */
  readonly witness: Witness | undefined;
  readonly confirmation: Confirmation | undefined;
}

/** One class of sessions or packets that the two sides treat differently. */
export interface DiffRow {
  readonly change: Change;
  readonly about: Witness["about"];
  readonly family: Family;
  readonly path: Path;
  readonly services: readonly ServiceClass[];
  /** Services and addresses of rows before it are not meant: it is about the rest. */
  readonly rest: boolean;
  /** What sort of packets, in words that follow a name of packets; undefined for sessions. */
  readonly sort: string | undefined;
  /** What tracking says of these packets; undefined for sessions, and where it takes the packets for new. */
  readonly state: "INVALID" | "RELATED" | "UNTRACKED" | "ESTABLISHED" | undefined;
  /** Interfaces that matter; undefined where all are meant. `eth+` for all of a kind, `other` for the rest. */
  readonly in: readonly string[] | undefined;
  readonly out: readonly string[] | undefined;
  readonly clients: Ranges;
  readonly servers: Ranges;
  /** Names of the two sets of addresses. */
  readonly from: string;
  readonly to: string;
  readonly certainty: Certainty;
  readonly before: Fate;
  readonly after: Fate;
}

/** The part of a comparison that was left undone, and why. */
export interface Undone {
  readonly family: Family;
  readonly path: Path;
  readonly reason: string;
}

/** What tells two firewalls apart. */
export interface DiffReport {
  /** What is compared: two rulesets, or the two families of one. */
  readonly compared: "rulesets" | "families";
  /** Names of the two sides: files, or `IPv4` and `IPv6`. */
  readonly names: readonly [before: string, after: string];
  readonly families: readonly Family[];
  /** Logging and marks count as well. */
  readonly strict: boolean;
  readonly rows: readonly DiffRow[];
  /** Classes that differ and are not among the rows. */
  readonly left: number;
  readonly undone: readonly Undone[];
  readonly assumptions: readonly string[];
}

/** Are the two sides proven to be the same? */
export const isEqual = ({ rows, left, undone }: DiffReport): boolean => rows.length === 0 && left === 0 && undone.length === 0;

/** Is a row about packets that people ask for last: those of connections that helpers expect, errors, and what tracking calls INVALID? */
export const isAside = ({ state }: DiffRow): boolean => state === "RELATED" || state === "INVALID";
