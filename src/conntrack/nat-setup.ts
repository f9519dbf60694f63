import { STATUS, type Connection } from "./connection.ts";
import type { Manip } from "./manip.ts";
import type { NatRange } from "./nat-range.ts";
import { natSources } from "./nat-sources.ts";
import { sameTuple, uniqueTuple } from "./nat-tuple.ts";
import type { Tracking } from "./tracking.ts";
import { invertTuple } from "./tuple.ts";

/** Has the connection a mapping of this kind, be it one that changes nothing (nf_nat_initialized)? */
export function isSetUp({ status }: Connection, manip: Manip): boolean {
  return (status & (manip === "source" ? STATUS.SRC_NAT_DONE : STATUS.DST_NAT_DONE)) !== 0;
}

/** Gives an unconfirmed connection its mapping of one kind, at `now` µs: sets its reply tuple and status (nf_nat_core.c, nf_nat_setup_info). */
export function setUp(tracker: Tracking, connection: Connection, range: NatRange, now: number): void {
  if (connection.status & STATUS.CONFIRMED) return;
  const { manip } = range;
  // What its packets look like by now, after an earlier mapping of the other kind.
  const current = invertTuple(connection.tuples[1]);
  if (current === undefined) return;
  const chosen = uniqueTuple(current, { tracker, connection, range, now });
  const reply = invertTuple(chosen);
  if (reply !== undefined && !sameTuple(chosen, current)) {
    tracker.alterReply(connection, reply);
    connection.status |= manip === "source" ? STATUS.SRC_NAT : STATUS.DST_NAT;
  }
  if (manip === "source") natSources(tracker).add(connection);
  connection.status |= manip === "source" ? STATUS.SRC_NAT_DONE : STATUS.DST_NAT_DONE;
}

/** A connection that no rule maps keeps its address; only a port that is taken changes (nf_nat_core.c, __nf_nat_alloc_null_binding). */
export function nullBinding(connection: Connection, manip: Manip): NatRange {
  const reply = connection.tuples[1];
  const address = manip === "source" ? reply.destination : reply.source;
  return { manip, addresses: [address, address] };
}
