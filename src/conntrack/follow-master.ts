import type { Connection } from "./connection.ts";
import type { Expectation } from "./expectation.ts";
import { setUp } from "./nat-setup.ts";
import type { Tracking } from "./tracking.ts";

/**
 * NAT of an expected connection as its master's: it comes from where the master's packets seem to come from, and goes to whom the
 * message named (nf_nat_helper.c, nf_nat_follow_master).
 */
export function followMaster(tracker: Tracking): (connection: Connection, expectation: Expectation) => void {
  return (connection, { master, direction, savedPort }) => {
    const back = master.tuples[direction === 0 ? 1 : 0];
    setUp(tracker, connection, { manip: "source", addresses: [back.destination, back.destination] }, tracker.now);
    setUp(tracker, connection, { manip: "destination", addresses: [back.source, back.source], ports: [savedPort, savedPort] }, tracker.now);
  };
}

/** Ports tried for an expectation. */
const MOST_ATTEMPTS = 128;

/** Enters an expectation at this port, or a random higher one if another is in the way; 0 when none can be had (nf_nat_exp_find_port). */
export function enterAtPort(tracker: Tracking, expectation: Expectation, port: number, now: number): number {
  const range = 0xffff - port;
  let tried = port;
  for (let left = Math.min(range, MOST_ATTEMPTS); ; left--) {
    expectation.tuple = { ...expectation.tuple, destinationPort: tried };
    const entry = tracker.expectations.enter(expectation, now);
    if (entry === "entered") return tried;
    if (entry !== "busy" || left <= 0) return 0;
    tried = (port + (tracker.random() % range)) & 0xffff;
  }
}
