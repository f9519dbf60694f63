import type { Track } from "../predicate/index.ts";
import { STATUS, type Connection, type Zone } from "./connection.ts";
import type { Expectation } from "./expectation.ts";
import type { Tracking } from "./tracking.ts";
import type { Tuple } from "./tuple.ts";

/** What is known of a connection with its first packet. */
export interface Beginning {
  readonly id: number;
  readonly tuple: Tuple;
  readonly reply: Tuple;
  readonly zone: Zone;
  /** What CT asked for. */
  readonly template: Track | undefined;
  /** What its first packet fulfilled. */
  readonly expected: Expectation | undefined;
  /** Name of the helper that watches it. */
  readonly helper: string | undefined;
}

/** A connection that is not confirmed yet; one that was expected has its master's mark (nf_conntrack_core.c, init_conntrack). */
export function newConnection(tracker: Tracking, { id, tuple, reply, zone, template, expected, helper }: Beginning): Connection {
  const named = expected === undefined && template?.helper !== undefined;
  return {
    id,
    tuples: [tuple, reply],
    status: (expected ? STATUS.EXPECTED : 0) | (named ? STATUS.HELPER : 0),
    mark: expected?.master.mark ?? 0,
    zone,
    deadline: 0,
    counts: tracker.accounting ? [newCount(), newCount()] : undefined,
    master: expected?.master,
    helper,
    shifts: undefined,
    labels: tracker.labels ? 0n : undefined,
    masqueradeInterface: undefined,
    timeoutPolicy: template?.timeout,
    timeouts: tracker.timeoutsOf(template?.timeout),
    startedAt: undefined,
    tcp: undefined,
    sctp: undefined,
    streamAt: 0,
  };
}

const newCount = (): { packets: number; bytes: number } => ({ packets: 0, bytes: 0 });
