import type { Connection } from "../../connection.ts";
import type { Expectation } from "../../expectation.ts";
import { enterAtPort } from "../../follow-master.ts";
import { refuse } from "../../helper.ts";
import { setUp } from "../../nat-setup.ts";
import type { Tracking } from "../../tracking.ts";
import { CLASS } from "./flush.ts";
import type { Part } from "./lengths.ts";
import type { SipMessage } from "./message.ts";
import { rewrite, writeEndpoint } from "./nat.ts";

/** Expects calls at the address that the registrar sees, and writes it into Contact (nf_nat_sip.c, nf_nat_sip_expect). */
export function expectTranslated(message: SipMessage, expectation: Expectation, contact: Part): "accept" | "drop" {
  const { sight, call } = message;
  const { connection, direction, tracker, now } = sight;
  const own = connection.tuples[direction];
  const back = connection.tuples[direction === 0 ? 1 : 0];
  const { destination, destinationPort } = expectation.tuple;
  const address = own.source === back.destination ? destination : back.destination;
  const wanted = destinationPort === (call.forcedPort || own.sourcePort) ? back.destinationPort : destinationPort;
  expectation.savedAddress = destination;
  expectation.savedPort = destinationPort;
  expectation.tuple = { ...expectation.tuple, destination: address };
  expectation.direction = direction === 0 ? 1 : 0;
  expectation.arrive = arriveTranslated(tracker);
  const port = enterAtPort(tracker, expectation, wanted, now);
  if (port === 0) return refuse(sight, "all ports for calls are in use");
  if (address === destination && port === destinationPort) return "accept";
  if (rewrite(message, contact, writeEndpoint(address, port))) return "accept";
  tracker.expectations.remove(expectation);
  return refuse(sight, "Contact cannot be rewritten");
}

/**
 * NAT of an expected call or stream: it goes to whom the message named. A stream comes from where the other side was told that it
 * would; or, like a call from the other end of the signalling, from where that seems to be (nf_nat_sip_expected).
 */
export function arriveTranslated(tracker: Tracking): (connection: Connection, expectation: Expectation) => void {
  return (connection, { class: kind, savedAddress, savedPort, master, direction }) => {
    const { now } = tracker;
    setUp(tracker, connection, { manip: "destination", addresses: [savedAddress, savedAddress], ports: [savedPort, savedPort] }, now);
    const [original] = connection.tuples;
    const siblings = kind === CLASS.SIGNALLING ? [] : tracker.expectations.of(master).toReversed();
    const pair = siblings.find(
      ({ tuple, savedAddress: address, savedPort: port }) =>
        tuple.protocol === original.protocol && address === original.source && port === original.sourcePort,
    );
    if (pair !== undefined) {
      const { destination, destinationPort } = pair.tuple;
      setUp(
        tracker,
        connection,
        { manip: "source", addresses: [destination, destination], ports: [destinationPort, destinationPort] },
        now,
      );
    } else if (original.source === master.tuples[direction].source) {
      const { destination } = master.tuples[direction === 0 ? 1 : 0];
      setUp(tracker, connection, { manip: "source", addresses: [destination, destination] }, now);
    }
  };
}
