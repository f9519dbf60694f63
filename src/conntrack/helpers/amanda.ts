import { PROTOCOL, UDP_HEADER } from "../../packet/index.ts";
import { expectation, type Expectation } from "../expectation.ts";
import { enterAtPort, followMaster } from "../follow-master.ts";
import { refuse, type Helper, type Sight } from "../helper.ts";
import { mangleUdp } from "../mangle.ts";
import { NAT_MASK } from "./nat-mask.ts";
import { ascii, decimal, saysExactly } from "./text.ts";

/** Amanda: a backup client's answer names the ports of its data connections (nf_conntrack_amanda.c, nf_nat_amanda.c). */
export const amanda: Helper = {
  name: "amanda",
  families: [4, 6],
  protocol: PROTOCOL.UDP,
  port: 10080,
  policies: () => [{ name: "amanda", most: 4, seconds: 180 }],
  watch: ({ amandaTimeout }) => ({ help: sight => help(sight, amandaTimeout) }),
};

const CONNECT = ascii("CONNECT ");
const NEWLINE = ascii("\n");
const CHANNELS = ["DATA ", "MESG ", "INDEX ", "STATE "].map(ascii);
const MOST_DIGITS = 5;

function help(sight: Sight, seconds: number): "accept" | "drop" {
  const { carrier, connection, direction, tracker, l4, now } = sight;
  if (direction === 0) return "accept";
  tracker.refresh(connection, seconds, now);
  const payload = l4 + UDP_HEADER;
  const connect = find(carrier.bytes, payload, carrier.layout.totalLength, CONNECT);
  if (connect < 0) return "accept";
  const start = connect + CONNECT.length;
  const stop = find(carrier.bytes, start, carrier.layout.totalLength, NEWLINE);
  if (stop < 0) return "accept";
  // The places stay what they were when a rewritten port had more digits or fewer.
  let verdict: "accept" | "drop" = "accept";
  for (const channel of CHANNELS) {
    const found = find(carrier.bytes, start, Math.min(stop, carrier.layout.totalLength), channel);
    if (found < 0) continue;
    const at = found + channel.length;
    const digits = carrier.bytes.subarray(at, Math.min(at + MOST_DIGITS, stop, carrier.layout.totalLength));
    const { value, end: length } = decimal(digits, 0);
    const port = value & 0xffff;
    if (port === 0) break;
    const { source, destination } = connection.tuples[0];
    const foreseen = expectation(connection, { protocol: PROTOCOL.TCP, source, destination, destinationPort: port });
    if (connection.status & NAT_MASK) verdict = translate(sight, foreseen, at - payload, length);
    else if (tracker.expectations.enter(foreseen, now) !== "entered") verdict = refuse(sight, "a data connection cannot be expected");
  }
  return verdict;
}

/** Kernel: nf_nat_amanda.c, help. */
function translate(sight: Sight, foreseen: Expectation, offset: number, length: number): "accept" | "drop" {
  const { tracker, now } = sight;
  foreseen.savedPort = foreseen.tuple.destinationPort;
  foreseen.direction = 0;
  foreseen.arrive = followMaster(tracker);
  const port = enterAtPort(tracker, foreseen, foreseen.savedPort, now);
  if (port === 0) return refuse(sight, "all ports for a data connection are in use");
  if (mangleUdp(sight, offset, length, ascii(`${port}`))) return "accept";
  tracker.expectations.remove(foreseen);
  return refuse(sight, "the packet would become too long");
}

/** Where a text begins that ends before `end`; -1 when it is not there (skb_find_text). */
function find(bytes: Uint8Array, from: number, end: number, text: Uint8Array): number {
  const [first = 0] = text;
  for (let at = bytes.indexOf(first, from); at >= 0 && at + text.length <= end; at = bytes.indexOf(first, at + 1)) {
    if (saysExactly(bytes, at, text)) return at;
  }
  return -1;
}
