import { refuse } from "../../helper.ts";
import { NAT_MASK } from "../nat-mask.ts";
import { ascii, byteAt, isAlpha, says } from "../text.ts";
import { getHeader, getUri, isPart } from "./headers.ts";
import { readNumber } from "./lengths.ts";
import { describeMedia } from "./media.ts";
import { flushExpectations } from "./flush.ts";
import { textOf, type SipMessage } from "./message.ts";
import { translateMessage } from "./nat.ts";
import { registerRequest, registerResponse } from "./register.ts";

type Verdict = "accept" | "drop";

/** What a method's requests and answers do; `sequence` is CSeq's number. */
interface Method {
  readonly name: Uint8Array;
  request(message: SipMessage, sequence: number): Verdict;
  response?(message: SipMessage, sequence: number, code: number): Verdict;
}

const VERSION = ascii("sip/2.0 ");

/** Reads one message, and translates it (nf_conntrack_sip.c, process_sip_msg). */
export function process(message: SipMessage): Verdict {
  const { bytes, start } = textOf(message);
  const verdict = says(bytes, start, VERSION) ? response(message) : request(message);
  return verdict === "accept" && message.sight.connection.status & NAT_MASK ? translateMessage(message) : verdict;
}

/** The first method whose name fits; in lower case (sip_handlers). */
const METHODS: readonly Method[] = [
  {
    name: ascii("invite"),
    request(message, sequence) {
      flushExpectations(message.sight, true);
      const verdict = describeMedia(message);
      if (verdict === "accept") message.call.inviteSequence = sequence;
      return verdict;
    },
    response: mediaResponse,
  },
  { name: ascii("update"), request: describeMedia, response: mediaResponse },
  { name: ascii("ack"), request: describeMedia },
  { name: ascii("prack"), request: describeMedia, response: mediaResponse },
  {
    name: ascii("bye"),
    request(message) {
      flushExpectations(message.sight, true);
      return "accept";
    },
  },
  { name: ascii("register"), request: registerRequest, response: registerResponse },
];

/** Provisional and good answers describe media; any other ends what the invitation led to (process_invite_response and its like). */
function mediaResponse(message: SipMessage, sequence: number, code: number): Verdict {
  if (code >= 100 && code <= 299) return describeMedia(message);
  if (message.call.inviteSequence === sequence) flushExpectations(message.sight, true);
  return "accept";
}

function request(message: SipMessage): Verdict {
  const { sight, call } = message;
  const text = textOf(message);
  const own = sight.connection.tuples[sight.direction];
  // Some phones send from one port and listen on another.
  const via = getUri(text, "viaUdp");
  if (typeof via === "object" && via.port !== own.sourcePort && via.address === own.source) call.forcedPort = via.port;
  for (const method of METHODS) {
    const at = text.start + method.name.length;
    if (text.end < at + 2 || !says(text.bytes, text.start, method.name)) continue;
    if (byteAt(text.bytes, at) !== 0x20 || !isAlpha(byteAt(text.bytes, at + 1))) continue;
    const sequence = sequenceOf(message);
    return sequence === undefined ? refuse(sight, "CSeq cannot be read") : method.request(message, sequence.value);
  }
  return "accept";
}

function response(message: SipMessage): Verdict {
  const { sight } = message;
  const text = textOf(message);
  if (text.end - text.start < VERSION.length + 3) return "accept";
  const code = readNumber(text.bytes, text.start + VERSION.length, text.end)?.value ?? 0;
  if (code === 0) return refuse(sight, "an answer without a code");
  const sequence = sequenceOf(message);
  if (sequence === undefined) return refuse(sight, "CSeq cannot be read");
  const at = sequence.end + 1;
  for (const { name, response: answered } of METHODS) {
    if (answered === undefined || text.end < at + name.length || !says(text.bytes, at, name)) continue;
    return answered(message, sequence.value, code);
  }
  return "accept";
}

/** CSeq's number, and where its digits end. */
function sequenceOf(message: SipMessage): { readonly value: number; readonly end: number } | undefined {
  const text = textOf(message);
  const found = getHeader(text, text.start, "cseq");
  if (!isPart(found)) return undefined;
  const value = readNumber(text.bytes, found.at, text.end)?.value ?? 0;
  return value === 0 && byteAt(text.bytes, found.at) !== 0x30 ? undefined : { value, end: found.at + found.length };
}
