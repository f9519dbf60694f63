import type { Family, Predicate, Scalar } from "../predicate/index.ts";
import type { Hook, Match, Target, TableName } from "../xtables/index.ts";

/** Packets and bytes, exact. */
export interface Counters {
  readonly packets: bigint;
  readonly bytes: bigint;
}

export const ZERO: Counters = { packets: 0n, bytes: 0n };

/** Where something stands in the input: line and column from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `-s 10.0.0.0/8`: addresses are numbers for IPv4 and bigints for IPv6; the mask may have holes. */
export interface AddressTest {
  readonly address: Scalar;
  readonly mask: Scalar;
  readonly invert: boolean;
  /** A host name that was kept and not resolved; the address is then meaningless. */
  readonly name?: string;
}

/** `-i eth+`; `name` without the plus. */
export interface InterfaceTest {
  readonly name: string;
  readonly wildcard: boolean;
  readonly invert: boolean;
}

/** The built-in part of a rule. Kernel: struct ipt_ip and struct ip6t_ip6. */
export interface RuleHeader {
  readonly source?: AddressTest;
  readonly destination?: AddressTest;
  readonly inInterface?: InterfaceTest;
  readonly outInterface?: InterfaceTest;
  /** Number 0 stands for `-p all`, which only IPv6 keeps: any protocol, but the header chain must be readable. */
  readonly protocol?: { readonly number: number; readonly invert: boolean };
  /** `-f`: later fragments only (IPv4). */
  readonly fragment?: { readonly invert: boolean };
}

/** One test of a rule in the kernel's order, with the words that made it, for traces and explanations. */
export interface Condition {
  /** `-p tcp`, `-m tcp --dport 22` */
  readonly text: string;
  readonly predicate: Predicate;
  readonly hotdrop?: Predicate;
}

export interface Rule {
  readonly header: RuleHeader;
  readonly matches: readonly Match[];
  /** Without a target the rule only counts. */
  readonly target: Target | undefined;
  readonly counters: Counters;
  readonly at: Position;
  /** Header and matches lowered, in the order the kernel asks. */
  readonly conditions: readonly Condition[];
}

export interface Chain {
  readonly name: string;
  /** The hook, for a built-in chain. */
  readonly hook: Hook | undefined;
  /** Verdict at the end of a built-in chain. */
  readonly policy: "ACCEPT" | "DROP" | undefined;
  /** Packets that fell through to the policy. */
  readonly counters: Counters;
  readonly rules: readonly Rule[];
  readonly at: Position;
}

export interface Table {
  readonly name: TableName;
  /** Built-in chains first, in the table's order, then user chains in alphabetical order, as iptables-save lists them. */
  readonly chains: ReadonlyMap<string, Chain>;
}

/** The rules of one family. Absent tables are as good as empty. */
export interface Ruleset {
  readonly family: Family;
  readonly tables: ReadonlyMap<TableName, Table>;
}
