import type { Track } from "../predicate/index.ts";
import { STATUS, type Connection, type Zone } from "./connection.ts";
import type { Expectation } from "./expectation.ts";
import type { Assistance, Helper } from "./helper.ts";
import { helperNamed } from "./helpers/index.ts";
import type { Tracker } from "./tracker.ts";
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
}

/**
 * A connection that is not confirmed yet. One that was expected has the mark and the helper that its expectation gives it, and no
 * other (nf_conntrack_core.c, init_conntrack; nf_conntrack_helper.c, __nf_ct_try_assign_helper).
 */
export function newConnection(tracker: Tracker, { id, tuple, reply, zone, template, expected }: Beginning): Connection {
  const named = expected === undefined ? template?.helper : undefined;
  const helper = named === undefined ? expected?.helper : helperNamed(named, tuple.family, tuple.protocol);
  return {
    id,
    tuples: [tuple, reply],
    status: (expected ? STATUS.EXPECTED : 0) | (named !== undefined ? STATUS.HELPER : 0),
    mark: expected?.master.mark ?? 0,
    zone,
    deadline: 0,
    counts: tracker.accounting ? [newCount(), newCount()] : undefined,
    master: expected?.master,
    helper: helper?.name,
    assistance: helper && assist(helper, tracker),
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

function assist(helper: Helper, { helperSettings }: Tracker): Assistance {
  return { helper, policies: helper.policies(helperSettings), watcher: helper.watch(helperSettings), expectations: new Set() };
}
