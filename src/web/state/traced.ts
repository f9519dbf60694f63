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
  /** What it is of, where it is not the packet itself: an answer that the kernel makes, or a copy. */
  readonly beside: "answer" | "copy" | undefined;
}

/** A connection in the table. */
export interface ConnectionEntry {
  /** `tcp ESTABLISHED`, `udp` */
  readonly title: string;
  /** Seconds until it is forgotten. */
  readonly seconds: number;
  /** Nothing has come back yet. */
  readonly unreplied: boolean;
  /** It is kept when the table is full. */
  readonly assured: boolean;
  /** What the answers look like, where NAT makes it other than expected; undefined otherwise. */
  readonly translated: string | undefined;
  /** The line of `conntrack -L`. */
  readonly text: string;
}

/** An answer that the kernel made to a packet: a reset, an ICMP error, an echo reply. */
export interface KernelAnswer {
  readonly kind: string;
  /** In the packet notation. */
  readonly packet: string;
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
  readonly family: 4 | 6;
  /** The line of the question that it belongs to, from 0. */
  readonly line: number;
  /** What tracking made of it: `NEW`, `ESTABLISHED` …; undefined where it was not tracked. */
  readonly state: string | undefined;
  readonly answers: readonly KernelAnswer[];
  /** Its connection's entry in the table after it; undefined where there is none. */
  readonly entry: ConnectionEntry | undefined;
  /** Lines that rules wrote to the kernel's log. */
  readonly logs: readonly string[];
}

/** One line of the question, answered. */
export interface TracedQuestion {
  /** In the packet notation. */
  readonly text: string;
  readonly session: boolean;
  /** Its packets: from `first`, before `end`. */
  readonly first: number;
  readonly end: number;
  readonly good: boolean;
  /** One sentence: what became of it. */
  readonly summary: string;
  /** As in `Traced`, and the same in a sentence; empty where nobody waits for anything. */
  readonly clientSees: string;
  readonly clientSeesText: string;
  /** Who the two sides are: an address, and `this machine` or the interface that they are behind. */
  readonly client: TracedSide;
  readonly server: TracedSide;
  /** The answer that ends a session by going past this machine. */
  readonly past?: string | undefined;
  /** What someone new to netfilter may not see. */
  readonly hints: readonly string[];
}

/** One side of what was traced. */
export interface TracedSide {
  readonly address: string;
  /** Where NAT led the first packet instead, address and port; undefined where it did not. */
  readonly becomes: string | undefined;
  /** Undefined for a program of this machine, and where nobody knows because nothing arrived. */
  readonly device: string | undefined;
  readonly local: boolean;
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
  /** One for each line of the question. `session`, `summary`, `good` and `clientSees` above are the last one's. */
  readonly questions: readonly TracedQuestion[];
}

/** What is wrong with the question. */
export interface QuestionFault {
  readonly message: string;
  /** Offsets in the question's text, the end exclusive. */
  readonly start: number;
  readonly end: number;
  /** What to write between them instead. */
  readonly guess: string | undefined;
}

/** What is asked, in the packet notation; several packets stand on lines of their own. */
export const question: Signal<string> = signal("");

/** The answer to the question; undefined before there is one. */
export const traced: Signal<Traced | undefined> = signal(undefined);

/** What is wrong with the question; empty when nothing is. The answer is then that to the last good one. */
export const questionFaults: Signal<readonly QuestionFault[]> = signal([]);

/** True while the answer is on its way. */
export const isTracing: Signal<boolean> = signal(false);

/** Which step the page stands at. */
export const step: Signal<number> = signal(0);

/** The step itself. */
export const currentStep: ReadonlySignal<TraceStep | undefined> = computed(() => traced.value?.steps[step.value]);

/** Goes to a step; beyond the ends nothing happens. */
export function goTo(index: number): void {
  const count = traced.value?.steps.length ?? 0;
  if (index >= 0 && index < count) step.value = index;
}
