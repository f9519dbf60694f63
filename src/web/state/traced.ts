import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { RulePointer } from "../../analysis/index.ts";
import type { Hook } from "../../xtables/index.ts";

/** A field of a packet, as people read it. */
export interface PacketField {
  /** `source`, `destination port`, `mark` … */
  readonly name: string;
  readonly value: string;
  /** What it was when the packet came in, where that differs. */
  readonly was?: string;
}

/** One step of a packet through the machine. */
export interface TraceStep {
  /** Index of the packet in `packets`. */
  readonly packet: number;
  readonly event: string;
  /** The hook that the packet is at, and the table and chain, where it is in one. */
  readonly hook: Hook | undefined;
  readonly table: string | undefined;
  readonly chain: string | undefined;
  /** The rule's number; 0 for a chain's policy; undefined for steps that are no rule. */
  readonly number: number | undefined;
  /** The rule's line in its family's text; 0 or undefined where there is none. */
  readonly line: number | undefined;
  /** Did the rule match? Undefined for steps that are no rule. */
  readonly matched: boolean | undefined;
  /** The rule's own words, or empty. */
  readonly rule: string;
  /** One sentence: what happened and why; for a rule that did not match, the condition that failed and what the packet has instead. */
  readonly text: string;
  /** The words of the condition that failed. */
  readonly failed: string | undefined;
  readonly verdict: "accept" | "drop" | "reject" | "queue" | "nat" | "other" | undefined;
  /** The packet after this step. */
  readonly fields: readonly PacketField[];
  /** The connection as /proc/net/nf_conntrack writes it, after this step; undefined where there is none. */
  readonly connection: string | undefined;
}

/** One packet that was traced. */
export interface TracedPacket {
  /** `SYN`, `SYN+ACK` … in a session; otherwise `packet`. */
  readonly name: string;
  readonly from: "client" | "server" | undefined;
  /** In the packet notation, as it was sent and as it arrived; undefined when it did not. */
  readonly sent: string;
  readonly arrived: string | undefined;
  readonly verdict: string;
  readonly accepted: boolean;
  readonly reason: string;
  readonly decidedBy: RulePointer | undefined;
  /** Its steps: from `first`, before `end`. */
  readonly first: number;
  readonly end: number;
}

/** A packet or session, traced. */
export interface Traced {
  /** The question in the packet notation. */
  readonly question: string;
  readonly family: 4 | 6;
  readonly session: boolean;
  readonly packets: readonly TracedPacket[];
  readonly steps: readonly TraceStep[];
  /** One sentence: what became of it. */
  readonly summary: string;
  readonly good: boolean;
  /** What the client's program sees: `connected`, `refused`, `timed out`, `no route to host`. */
  readonly clientSees: string;
  readonly assumed: readonly string[];
}

/** What is asked, in the packet notation; several packets stand on lines of their own. */
export const question: Signal<string> = signal("");

/** The answer to the question; undefined before there is one. */
export const traced: Signal<Traced | undefined> = signal(undefined);

/** Which step the page stands at. */
export const step: Signal<number> = signal(0);

/** The step itself. */
export const currentStep: ReadonlySignal<TraceStep | undefined> = computed(() => traced.value?.steps[step.value]);

/** Goes to a step; beyond the ends nothing happens. */
export function goTo(index: number): void {
  const count = traced.value?.steps.length ?? 0;
  if (index >= 0 && index < count) step.value = index;
}
