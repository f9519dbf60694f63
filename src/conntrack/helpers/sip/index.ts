import { PROTOCOL, u32, UDP_HEADER } from "../../../packet/index.ts";
import type { Helper, Sight } from "../../helper.ts";
import { shiftSequence } from "../../sequence.ts";
import { NAT_MASK } from "../nat-mask.ts";
import { establishedPayload } from "../segment.ts";
import { ascii, byteAt, saysExactly } from "../text.ts";
import { getHeader, isPart } from "./headers.ts";
import { readNumber, SIP_PORT } from "./lengths.ts";
import { type SipCall, type SipMessage } from "./message.ts";
import { process } from "./process.ts";

/** SIP: registrations and calls, with the media that their session descriptions name (nf_conntrack_sip.c, nf_nat_sip.c). */
const sip = (protocol: number, help: (sight: Sight, call: SipCall, seconds: number) => "accept" | "drop"): Helper => ({
  name: "sip",
  families: [4, 6],
  protocol,
  port: SIP_PORT,
  policies: () => POLICIES,
  watch: ({ sipTimeout }) => {
    const call: SipCall = { registerSequence: 0, inviteSequence: 0, forcedPort: 0 };
    return { help: sight => help(sight, call, sipTimeout) };
  },
});

const POLICIES = [
  { name: "signalling", most: 1, seconds: 180 },
  { name: "audio", most: 4, seconds: 180 },
  { name: "video", most: 4, seconds: 180 },
  { name: "image", most: 2, seconds: 180 },
] as const;

/** Bytes of the shortest first line, "SIP/2.0 200". */
const LEAST = 11;
const HEADERS_END = ascii("\r\n\r\n");

export const sipUdp: Helper = sip(PROTOCOL.UDP, (sight, call, seconds) => {
  const { carrier, connection, tracker, l4, now } = sight;
  const start = l4 + UDP_HEADER;
  const end = carrier.layout.totalLength;
  if (start >= end) return "accept";
  tracker.refresh(connection, seconds, now);
  carrier.linearized?.();
  return end - start < LEAST ? "accept" : process({ sight, call, start, end });
});

/** A segment may hold several messages, each as long as it says; one that is cut passes as it is (sip_help_tcp). */
export const sipTcp: Helper = sip(PROTOCOL.TCP, (sight, call, seconds) => {
  const payload = establishedPayload(sight);
  if (payload === undefined) return "accept";
  const { carrier, connection, direction, tracker, now } = sight;
  tracker.refresh(connection, seconds, now);
  carrier.linearized?.();
  let { start, end } = payload;
  if (end - start < LEAST) return "accept";
  let grown = 0;
  for (;;) {
    const messageEnd = endOf(sight, start, end);
    if (messageEnd === undefined) break;
    // The kernel forgets here that the messages before it may have grown.
    if (messageEnd > end) return "accept";
    const message: SipMessage = { sight, call, start, end: messageEnd };
    if (process(message) === "drop") return "drop";
    grown += message.end - messageEnd;
    end += message.end - messageEnd;
    start = message.end;
  }
  if (connection.status & NAT_MASK) shiftSequence(connection, direction, u32(carrier.bytes, sight.l4 + 4), (grown << 16) >> 16);
  return "accept";
});

/** Where a message ends by its Content-Length; undefined when it does not say, or says more than all that is there. */
function endOf(sight: Sight, start: number, end: number): number | undefined {
  const text = { bytes: sight.carrier.bytes, start, end, family: sight.connection.tuples[0].family };
  const length = getHeader(text, start, "contentLength");
  if (!isPart(length)) return undefined;
  const number = readNumber(text.bytes, length.at, end);
  if (number === undefined || number.value > end - start) return undefined;
  for (let at = number.end; at + HEADERS_END.length <= end; at++) {
    if (byteAt(text.bytes, at) === HEADERS_END[0] && saysExactly(text.bytes, at, HEADERS_END))
      return at + HEADERS_END.length + number.value;
  }
  return undefined;
}
