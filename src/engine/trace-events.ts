import type { Family, Field, Predicate, Value } from "../predicate/index.ts";
import type { Rule } from "../ruleset/index.ts";
import type { Hook, TableName } from "../xtables/index.ts";

/** Where a rule stands: `number` counts from 1 in its chain, 0 means the chain's policy. */
export interface RulePlace {
  readonly family: Family;
  readonly table: TableName;
  readonly chain: string;
  readonly number: number;
}

/** Why a rule did not match: its first condition that failed. */
export interface Failure {
  /** The condition's own words: `-p tcp`, `-m tcp --dport 22`. */
  readonly text: string;
  /** The part of it that failed. */
  readonly wanted: Predicate;
  /** The field it asks, unless it is an opaque step or a constant. */
  readonly field: Field | undefined;
  /** What the packet has there; undefined where it has nothing. */
  readonly value: Value;
}

/** How a rule's test came out. */
export type RuleResult = { readonly matched: true } | { readonly matched: false; readonly failure: Failure; readonly hotdrop: boolean };

/** One step of a packet through the machine. Closed; built only when a trace is asked for. */
export type TraceEvent =
  /** The packet's bytes as they are now are a snapshot. */
  | { readonly event: "packet"; readonly from: "wire" | "socket" | "kernel"; readonly in: string; readonly bytes: Uint8Array }
  | { readonly event: "hook"; readonly hook: Hook; readonly in: string; readonly out: string }
  | { readonly event: "table"; readonly hook: Hook; readonly table: TableName }
  | { readonly event: "rule"; readonly place: RulePlace; readonly rule: Rule; readonly result: RuleResult }
  | { readonly event: "jump"; readonly place: RulePlace; readonly chain: string; readonly goto: boolean }
  /** `to` is undefined when the built-in chain itself ends: its policy comes next. */
  | { readonly event: "return"; readonly chain: string; readonly to: string | undefined; readonly implicit: boolean }
  | { readonly event: "policy"; readonly place: RulePlace; readonly verdict: "ACCEPT" | "DROP" }
  | {
      readonly event: "verdict";
      readonly place: RulePlace;
      readonly verdict: "accept" | "drop" | "reject" | "queue" | "nat" | "tproxy" | "synproxy";
    }
  | { readonly event: "rewrite"; readonly by: string; readonly field: Field; readonly from: Value; readonly to: Value }
  | {
      readonly event: "tracking";
      readonly state: "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED";
      readonly direction: "original" | "reply" | undefined;
      /** The connection is first seen with this packet. */
      readonly created: boolean;
      /** As /proc/net/nf_conntrack writes it, without time-outs; undefined without a connection. */
      readonly connection: string | undefined;
      /** Why it is INVALID. */
      readonly reason: string | undefined;
      /** The helper that foresaw the connection; undefined when none did. */
      readonly foreseenBy: string | undefined;
    }
  | { readonly event: "confirm"; readonly connection: string }
  /** A helper foresees a connection, as conntrack -L expect writes it. */
  | { readonly event: "expect"; readonly helper: string; readonly expectation: string }
  | { readonly event: "defragment"; readonly done: boolean; readonly length: number }
  | { readonly event: "fragment"; readonly mtu: number; readonly pieces: number }
  | {
      readonly event: "route";
      readonly decision: "local" | "forward" | "output" | "none";
      readonly device: string;
      readonly gateway: Value;
      readonly reason: string;
    }
  | { readonly event: "log"; readonly place: RulePlace; readonly line: string }
  /** An answer that the kernel makes: REJECT's, an ICMP error, an echo reply. */
  | { readonly event: "answer"; readonly kind: string; readonly bytes: Uint8Array }
  /** TEE sends a copy. */
  | { readonly event: "copy"; readonly gateway: Value; readonly bytes: Uint8Array }
  /** A rule keeps account of the packet, by itself or in sets: `said` is what it has to say of that. */
  | { readonly event: "effect"; readonly about: string; readonly said: string | undefined }
  | { readonly event: "no-answer"; readonly kind: string; readonly reason: string }
  | { readonly event: "delivered"; readonly bytes: Uint8Array }
  | { readonly event: "emitted"; readonly device: string; readonly bytes: Uint8Array }
  | { readonly event: "dropped"; readonly reason: string };
