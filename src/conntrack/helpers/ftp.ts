import { PROTOCOL, u32 } from "../../packet/index.ts";
import { expectation, type Expectation } from "../expectation.ts";
import { refuse, type Helper, type Sight } from "../helper.ts";
import { before } from "../tcp-window.ts";
import type { Address } from "../tuple.ts";
import { nameOtherEnd } from "./ftp-nat.ts";
import { findNamed } from "./ftp-patterns.ts";
import { establishedPayload } from "./segment.ts";
import { NAT_MASK } from "./nat-mask.ts";

/** FTP's data connections, active and passive (nf_conntrack_ftp.c). */
export const ftp: Helper = {
  name: "ftp",
  families: [4, 6],
  protocol: PROTOCOL.TCP,
  port: 21,
  policies: () => [{ name: "ftp", most: 1, seconds: 300 }],
  watch: ({ ftpLoose }) => {
    /** By direction: sequence numbers after which a line begins, the newest two. */
    const lineStarts: readonly [number[], number[]] = [[], []];
    return { help: sight => help(sight, lineStarts, ftpLoose) };
  },
};

/** Line beginnings that are remembered for each direction (NUM_SEQ_TO_REMEMBER). */
const LINES = 2;
const NEWLINE = 0x0a;

function help(sight: Sight, lineStarts: readonly [number[], number[]], loose: boolean): "accept" | "drop" {
  const payload = establishedPayload(sight);
  if (payload === undefined) return "accept";
  sight.carrier.linearized?.();
  const { bytes, start, end } = payload;
  const known = lineStarts[sight.direction];
  const sequence = u32(bytes, sight.l4 + 4);
  const endsLine = bytes[end - 1] === NEWLINE;
  const verdict = known.includes(sequence) ? readLine(sight, start, end, loose) : "accept";
  if (verdict === "partial") return "drop";
  if (endsLine) remember(known, (sequence + end - start) >>> 0);
  return verdict;
}

/** Kernel: update_nl_seq. */
function remember(known: number[], sequence: number): void {
  if (known.includes(sequence)) return;
  if (known.length < LINES) {
    known.push(sequence);
    return;
  }
  const [first = 0, second = 0] = known;
  const oldest = before(first, second) ? 0 : 1;
  if (before(known[oldest] as number, sequence)) known[oldest] = sequence;
}

function readLine(sight: Sight, start: number, end: number, loose: boolean): "accept" | "drop" | "partial" {
  const { connection, direction, carrier, tracker, now } = sight;
  const own = connection.tuples[direction];
  const named = findNamed(carrier.bytes, start, end, direction, own.family, own.source);
  if (named === undefined) return "accept";
  if ("partial" in named) {
    refuse(sight, `a ${named.partial} message that cannot be read`);
    return "partial";
  }
  const back = connection.tuples[direction === 0 ? 1 : 0];
  let destination: Address = back.destination;
  if (named.address !== own.source) {
    // Somebody else's address: a machine could so open holes to others.
    if (!loose) return "accept";
    destination = named.address;
  }
  const foreseen: Expectation = expectation(connection, {
    protocol: PROTOCOL.TCP,
    source: back.source,
    destination,
    destinationPort: named.port,
  });
  if (connection.status & NAT_MASK) return nameOtherEnd(sight, named, start, foreseen);
  return tracker.expectations.enter(foreseen, now) === "entered" ? "accept" : refuse(sight, "the data connection cannot be expected");
}
