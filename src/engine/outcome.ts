import type { Decision, Delivery, Emitted, End, Errno, Journey, LogLine, NflogRecord } from "./journey.ts";
import type { TraceEvent } from "./trace-events.ts";

/** What happened to a packet. */
export type OutcomeVerdict = End["end"];

/** Everything that one packet set off. */
export interface Outcome {
  readonly verdict: OutcomeVerdict;
  /** One sentence; empty for a packet that got through. */
  readonly reason: string;
  /** The rule or policy that decided; for accepted packets the last one of the filter table. */
  readonly decidedBy: Decision | undefined;
  /** Frames that left, in order, answers included. */
  readonly emitted: readonly Emitted[];
  /** What a local socket got, answers over loopback not counted; undefined unless delivered. */
  readonly delivered: Uint8Array | undefined;
  /** Everything that reached a local socket or the stack, answers over loopback included. */
  readonly deliveries: readonly Delivery[];
  /** What the sending program is told, for packets of this machine. */
  readonly errno: Errno | undefined;
  /** What the sender's connect() or first read would say; undefined while nobody can say yet. */
  readonly senderSees: Errno | undefined;
  readonly logs: readonly LogLine[];
  /** What NFLOG rules gave to programs. */
  readonly nflogs: readonly NflogRecord[];
  /** Empty unless a trace was asked for. */
  readonly events: readonly TraceEvent[];
}

const TCP = 6;

/** A journey's result. */
export function outcomeOf(journey: Journey): Outcome {
  const { end } = journey;
  const over =
    end === undefined || end.end === "dropped" || end.end === "rejected" || end.end === "queued" || end.end === "stolen" ? end : undefined;
  const accepted = over === undefined && end !== undefined;
  return {
    verdict: end?.end ?? "dropped",
    reason: over?.reason ?? (end === undefined ? "lost" : ""),
    decidedBy: accepted ? (journey.filterDecision ?? journey.decision) : over?.decidedBy,
    emitted: journey.emitted,
    delivered: end?.end === "delivered" ? end.bytes : undefined,
    deliveries: journey.delivered,
    errno: journey.errno,
    senderSees: senderSees(journey),
    logs: journey.logs,
    nflogs: journey.nflogs,
    events: journey.events ?? [],
  };
}

/**
 * What connect() says at the sender's: an error from the stack at once, an answer that ends the attempt, or in the end a time-out. A TCP
 * socket takes no notice of a packet of its own that is dropped, others fail with EPERM. Kernel: tcp_output.c, tcp_connect; icmp.c, icmp_err_convert.
 */
function senderSees({ end, errno, answered, protocol }: Journey): Errno | undefined {
  if (errno !== undefined && (errno !== "EPERM" || protocol !== TCP)) return errno;
  if (answered !== undefined) return answered;
  return end?.end === "dropped" || end?.end === "rejected" || end?.end === "queued" ? "ETIMEDOUT" : undefined;
}
