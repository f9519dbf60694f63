import type { Moment, Nat } from "../predicate/index.ts";
import type { Packet } from "./packet.ts";
import type { Rule } from "../ruleset/index.ts";
import type { RulePlace, TraceEvent } from "./trace-events.ts";

/** A line of the kernel's log. */
export interface LogLine {
  /** 0 (emerg) to 7 (debug). */
  readonly level: number;
  readonly text: string;
  readonly place: RulePlace;
}

/** A frame that leaves; bytes from the IP header on. */
export interface Emitted {
  /** A bridge for what leaves by one of its ports. */
  readonly interface: string;
  /** The port, where the packet was bridged. */
  readonly port?: string;
  readonly bytes: Uint8Array;
  /** `answer`: the kernel made it. `copy`: TEE did. */
  readonly kind: "packet" | "answer" | "copy";
}

/** A packet that reached a local socket or the stack; `answer`: the kernel made it. */
export interface Delivery {
  readonly interface: string;
  readonly bytes: Uint8Array;
  readonly answer: boolean;
  readonly mark: number;
}

/** What NFLOG gives to a program. */
export interface NflogRecord {
  readonly group: number;
  readonly prefix: string;
  /** Bytes to copy at most; all when missing. */
  readonly size: number | undefined;
  /** Packets to gather before they are sent on. */
  readonly threshold: number;
  /** The packet as it was then. */
  readonly bytes: Uint8Array;
  readonly place: RulePlace;
}

/** The rule or policy that ended a packet's way. */
export interface Decision extends RulePlace {
  /** Undefined for a policy. */
  readonly rule: Rule | undefined;
}

/** How one packet of a journey ended. */
export type End =
  | { readonly end: "delivered"; readonly bytes: Uint8Array; readonly interface: string }
  | { readonly end: "forwarded" | "sent"; readonly interface: string }
  | { readonly end: "dropped" | "rejected" | "queued" | "stolen"; readonly reason: string; readonly decidedBy: Decision | undefined };

/** What one packet sets off: itself, its fragments, and the answers that the kernel makes to it. */
export interface Journey {
  readonly moment: Moment;
  /** Undefined when nobody wants a trace. */
  readonly events: TraceEvent[] | undefined;
  readonly logs: LogLine[];
  readonly nflogs: NflogRecord[];
  readonly emitted: Emitted[];
  /** Delivered to a local socket, answers that came back over loopback included. */
  readonly delivered: Delivery[];
  /** How the packet itself ended; set once. */
  end: End | undefined;
  /** The last rule or policy that gave a verdict. */
  decision: Decision | undefined;
  /** The last one in a filter table: what an accepted packet owes its passage to. */
  filterDecision: Decision | undefined;
  /** Packets on loopback, received once this one is through. Kernel: the softnet backlog. */
  readonly backlog: Packet[];
  /** Where the hook that runs now sent the packet as a reason to be told, such as "table full". */
  reason: string | undefined;
  /** The nat action of the rule that matched last in the nat table. */
  mapping: Nat | undefined;
  /** What the sending program's call fails with. */
  errno: Errno | undefined;
  /** What an answer that reached the sender, or left for it, told it. */
  answered: Errno | undefined;
  /** Transport protocol of the packet that set out; -1 before it is known. */
  protocol: number;
  /** May the stack answer for local sockets? */
  readonly stack: boolean;
  /** A kernel ICMP socket of this family is sending just now, and sends nothing else meanwhile. Kernel: icmp.c, icmp_xmit_lock. */
  icmpBusy: boolean;
  /** TEE sends a copy just now, of which no copy is made. Kernel: nf_dup_ipv4.c, in_nf_duplicate. */
  copying: boolean;
  /** How deep answers to answers are. */
  depth: number;
}

/** Follows another packet than the journey's own, an answer or a copy: who decides about it, and why, says nothing of this one. */
export function aside(journey: Journey, follow: () => void): void {
  const { decision, filterDecision, reason, mapping } = journey;
  journey.reason = undefined;
  follow();
  Object.assign(journey, { decision, filterDecision, reason, mapping });
}

/** Error numbers that a sender can meet. */
export type Errno =
  | "EPERM"
  | "ENETUNREACH"
  | "EHOSTUNREACH"
  | "ECONNREFUSED"
  | "EACCES"
  | "EINVAL"
  | "EMSGSIZE"
  | "ENOPROTOOPT"
  | "ETIMEDOUT";

/** A fresh journey. */
export function newJourney(moment: Moment, trace: boolean, stack = true): Journey {
  return {
    moment,
    events: trace ? [] : undefined,
    logs: [],
    nflogs: [],
    emitted: [],
    delivered: [],
    end: undefined,
    decision: undefined,
    filterDecision: undefined,
    backlog: [],
    reason: undefined,
    mapping: undefined,
    errno: undefined,
    answered: undefined,
    protocol: -1,
    icmpBusy: false,
    copying: false,
    stack,
    depth: 0,
  };
}
