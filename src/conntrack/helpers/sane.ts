import { PROTOCOL, u16, u32 } from "../../packet/index.ts";
import { expectation } from "../expectation.ts";
import { refuse, type Helper, type Sight } from "../helper.ts";
import { establishedPayload } from "./segment.ts";

/** SANE: a scanner's data connection after a start request (nf_conntrack_sane.c). It has no NAT. */
export const sane: Helper = {
  name: "sane",
  families: [4, 6],
  protocol: PROTOCOL.TCP,
  port: 6566,
  policies: () => [{ name: "sane", most: 1, seconds: 300 }],
  watch: () => {
    const state = { startRequested: false };
    return { help: sight => help(sight, state) };
  },
};

const NET_START = 7;
const REQUEST_BYTES = 8;
const REPLY_BYTES = 8;

function help(sight: Sight, state: { startRequested: boolean }): "accept" | "drop" {
  const payload = establishedPayload(sight);
  if (payload === undefined) return "accept";
  const { bytes, start, end } = payload;
  const { connection, tracker, now } = sight;
  if (sight.direction === 0) {
    if (end - start === REQUEST_BYTES) state.startRequested = u32(bytes, start) === NET_START;
    return "accept";
  }
  if (!state.startRequested) return "accept";
  state.startRequested = false;
  const succeeded = end - start >= REPLY_BYTES && u32(bytes, start) === 0 && u16(bytes, start + 4) === 0;
  if (!succeeded) return "accept";
  const { source, destination } = connection.tuples[0];
  const foreseen = expectation(connection, { protocol: PROTOCOL.TCP, source, destination, destinationPort: u16(bytes, start + 6) });
  return tracker.expectations.enter(foreseen, now) === "entered" ? "accept" : refuse(sight, "the data connection cannot be expected");
}
