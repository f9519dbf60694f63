import type { Fault, TextKind } from "../../syntax/index.ts";
import type { Action, Family } from "../../predicate/index.ts";
import type { DocumentKind } from "../state/documents.ts";

/** A rule as the page knows it. */
export interface OutlineRule {
  /** From 1 in its chain. */
  readonly number: number;
  /** In its family's text, from 1. */
  readonly line: number;
  /** As iptables-save writes it, without counters: `-A INPUT -p tcp -j ACCEPT`. */
  readonly text: string;
  /** The target's name; undefined for a rule without. */
  readonly target: string | undefined;
  /** The user chain that it jumps or goes to. */
  readonly jump: string | undefined;
  /** What its target means: `accept`, `drop`, `nat` …; undefined for a rule without a target. */
  readonly does: Action["do"] | undefined;
  /** A packet that it matches goes no further in the table. */
  readonly ends: boolean;
}

/** A chain as the page knows it. */
export interface OutlineChain {
  readonly name: string;
  /** `ACCEPT` or `DROP` for a built-in chain; undefined for others. */
  readonly policy: string | undefined;
  /** The line that declares it; 0 where none does. */
  readonly line: number;
  readonly rules: readonly OutlineRule[];
}

/** A table of one family. */
export interface OutlineTable {
  readonly family: Family;
  readonly name: string;
  readonly chains: readonly OutlineChain[];
}

/** A fault or warning, in which text it stands. */
export interface PlacedFault extends Fault {
  readonly document: DocumentKind;
  readonly severity: "error" | "warning";
}

/** How many faults and warnings each text has, those that are not told included. */
export type FaultCounts = Readonly<Record<PlacedFault["document"], Readonly<Record<PlacedFault["severity"], number>>>>;

/** What the texts of a firewall say. */
export interface Reading {
  readonly tables: readonly OutlineTable[];
  /** Of very many the first ones, errors before warnings. */
  readonly faults: readonly PlacedFault[];
  readonly faultCounts: FaultCounts;
  /** Lines that were left out because they are faulty, so that the rest could be read; by text. */
  readonly skipped: { readonly rules4: readonly number[]; readonly rules6: readonly number[] };
  /** What each text of rules was taken for; undefined where there is none. */
  readonly kinds: { readonly rules4: TextKind | undefined; readonly rules6: TextKind | undefined };
  /** Interfaces and addresses of the machine, for naming; empty without a host. */
  readonly interfaces: readonly string[];
}
