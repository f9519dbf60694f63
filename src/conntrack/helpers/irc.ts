import { PROTOCOL } from "../../packet/index.ts";
import { CT_INFO } from "../direction.ts";
import { expectation, type Expectation } from "../expectation.ts";
import { enterAtPort, followMaster } from "../follow-master.ts";
import { refuse, type Helper, type Sight } from "../helper.ts";
import { mangleTcp } from "../mangle.ts";
import { NAT_MASK } from "./nat-mask.ts";
import { establishedPayload } from "./segment.ts";
import { ascii, byteAt, decimal, says, saysExactly } from "./text.ts";

/** IRC: a client that offers a file or a chat names its own address and port (nf_conntrack_irc.c, nf_nat_irc.c). */
export const irc: Helper = {
  name: "irc",
  families: [4],
  protocol: PROTOCOL.TCP,
  port: 6667,
  policies: ({ ircMaxDccChannels, ircDccTimeout }) => [{ name: "irc", most: ircMaxDccChannels, seconds: ircDccTimeout }],
  watch: () => ({ help }),
};

/** Bytes of a segment that are searched (MAX_SEARCH_SIZE). */
const MOST_SEARCHED = 4095;
/** Bytes of the shortest offer from its " :" on, and of the shortest address and port. */
const LEAST_OFFER = 26;
const LEAST_NUMBERS = 12;
/** Bytes of "PRIVMSG x ". */
const LEAST_PRIVMSG = 10;

const PRIVMSG = ascii("privmsg ");
const MESSAGE = ascii(" :");
const DCC = ascii("\x01DCC ");
const OFFERS = ["SEND ", "CHAT ", "MOVE ", "TSEND ", "SCHAT "].map(ascii);
const SPACE = 0x20;
const CR = 0x0d;
const LF = 0x0a;

function help(sight: Sight): "accept" | "drop" {
  if (sight.direction === 1 || sight.info !== CT_INFO.ESTABLISHED) return "accept";
  const payload = establishedPayload(sight);
  if (payload === undefined) return "accept";
  const { bytes, start } = payload;
  const end = Math.min(payload.end, start + MOST_SEARCHED);
  let at = start;
  while (at < end - LEAST_PRIVMSG && (byteAt(bytes, at) === SPACE || byteAt(bytes, at) === CR || byteAt(bytes, at) === LF)) at++;
  if (at < end - LEAST_PRIVMSG) {
    if (!says(bytes, at, PRIVMSG)) return "accept";
    at += PRIVMSG.length;
  }
  while (at < end - LEAST_OFFER) {
    if (!saysExactly(bytes, at, MESSAGE)) {
      at++;
      continue;
    }
    if (!saysExactly(bytes, at + MESSAGE.length, DCC)) return "accept";
    at += MESSAGE.length + DCC.length;
    const kind = OFFERS.find(offer => saysExactly(bytes, at, offer));
    if (kind !== undefined) return readOffer(sight, at + kind.length, start, end);
  }
  return "accept";
}

/** Expects what is offered, if the client offers its own address; one that cannot be read, or names somebody else, ends the search. */
function readOffer(sight: Sight, at: number, start: number, end: number): "accept" | "drop" {
  const { carrier, connection, tracker, now } = sight;
  const [original, reply] = connection.tuples;
  const named = readNumbers(carrier.bytes, at, end);
  if (named === undefined || named.port === 0) return "accept";
  if (named.address !== original.source && named.address !== reply.destination) return "accept";
  const foreseen = expectation(connection, { protocol: PROTOCOL.TCP, destination: reply.destination, destinationPort: named.port });
  if (connection.status & NAT_MASK) return translate(sight, foreseen, named.at - start, named.end - named.at);
  return tracker.expectations.enter(foreseen, now) === "entered" ? "accept" : refuse(sight, "the DCC connection cannot be expected");
}

/** The address, a decimal number, and the port after the next blank (parse_dcc). */
function readNumbers(bytes: Uint8Array, from: number, end: number): { address: number; port: number; at: number; end: number } | undefined {
  let at = from;
  while (byteAt(bytes, at++) !== SPACE) if (at > end - LEAST_NUMBERS) return undefined;
  const newline = bytes.indexOf(LF, at);
  if (newline < 0 || newline > end) return undefined;
  const address = decimal(bytes, at);
  let next = address.end;
  while (byteAt(bytes, next) === SPACE) if (next++ >= end) return undefined;
  const port = decimal(bytes, next);
  return { address: address.value, port: port.value & 0xffff, at, end: port.end };
}

/** Kernel: nf_nat_irc.c, help. */
function translate(sight: Sight, foreseen: Expectation, offset: number, length: number): "accept" | "drop" {
  const { tracker, connection, now } = sight;
  foreseen.savedPort = foreseen.tuple.destinationPort;
  foreseen.direction = 1;
  foreseen.arrive = followMaster(tracker);
  const port = enterAtPort(tracker, foreseen, foreseen.savedPort, now);
  if (port === 0) return refuse(sight, "all ports for the DCC connection are in use");
  if (mangleTcp(sight, offset, length, ascii(`${connection.tuples[1].destination} ${port}`))) return "accept";
  tracker.expectations.remove(foreseen);
  return refuse(sight, "the packet would become too long");
}
