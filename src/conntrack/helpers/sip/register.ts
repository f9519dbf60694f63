import { EXPECT_FLAG, expectation } from "../../expectation.ts";
import { refuse } from "../../helper.ts";
import { NAT_MASK } from "../nat-mask.ts";
import { CLASS, flushExpectations } from "./flush.ts";
import { getHeader, getUri, isPart, type Uri, type Walk } from "./headers.ts";
import { readNumber, type SipText } from "./lengths.ts";
import { textOf, type SipMessage } from "./message.ts";
import { expectTranslated } from "./nat-expect.ts";
import { numberParameter, sameTransport } from "./parameters.ts";

/**
 * A client registers: calls from its registrar are expected, once the registrar agrees. Registrations for others, and those that end
 * one, lead to nothing (nf_conntrack_sip.c, process_register_request).
 */
export function registerRequest(message: SipMessage, sequence: number): "accept" | "drop" {
  const { sight, call } = message;
  const { connection, direction, tracker, now } = sight;
  if (connection.master !== undefined) return "accept";
  const text = textOf(message);
  const contact = getUri(text, "contact");
  if (contact === "bad") return refuse(sight, "Contact cannot be read");
  if (contact === "none" || contact.address !== connection.tuples[direction].source) return "accept";
  const { protocol } = connection.tuples[0];
  if (!sameTransport(text, contact.at + contact.length, protocol)) return "accept";
  const expires = expiryOf(text, contact, expiryHeader(text));
  if (expires === "bad") return refuse(sight, "expires cannot be read");
  if (expires !== 0) {
    const foreseen = expectation(connection, {
      class: CLASS.SIGNALLING,
      protocol,
      source: tracker.helperSettings.sipDirectSignalling ? connection.tuples[direction === 0 ? 1 : 0].source : undefined,
      destination: contact.address,
      destinationPort: contact.port,
      flags: EXPECT_FLAG.PERMANENT | EXPECT_FLAG.INACTIVE,
      helper: connection.helper,
    });
    if (connection.status & NAT_MASK) {
      if (expectTranslated(message, foreseen, contact) === "drop") return "drop";
    } else if (tracker.expectations.enter(foreseen, now) !== "entered") return refuse(sight, "calls cannot be expected");
  }
  call.registerSequence = sequence;
  return "accept";
}

/** The registrar agrees: its calls are expected for as long as it says; or it refuses (process_register_response). */
export function registerResponse(message: SipMessage, sequence: number, code: number): "accept" | "drop" {
  const { sight, call } = message;
  const { connection, direction } = sight;
  if (call.registerSequence !== sequence || (code >= 100 && code <= 199)) return "accept";
  if (code < 200 || code > 299) {
    flushExpectations(sight, false);
    return "accept";
  }
  const text = textOf(message);
  const seconds = expiryHeader(text);
  const way: Walk = { at: text.start, inside: false };
  for (;;) {
    const contact = getUri(text, "contact", way);
    if (contact === "bad") return refuse(sight, "Contact cannot be read");
    if (contact === "none") break;
    if (contact.address !== connection.tuples[direction].destination) continue;
    if (!sameTransport(text, contact.at + contact.length, connection.tuples[0].protocol)) continue;
    const expires = expiryOf(text, contact, seconds);
    if (expires === "bad") return refuse(sight, "expires cannot be read");
    if (expires === 0) break;
    if (refresh(message, contact, expires)) return "accept";
  }
  flushExpectations(sight, false);
  return "accept";
}

function expiryHeader(text: SipText): number {
  const found = getHeader(text, text.start, "expires");
  return (isPart(found) && readNumber(text.bytes, found.at, text.end)?.value) || 0;
}

/** A contact's own expiry goes before that of the header. */
function expiryOf(text: SipText, contact: Uri, header: number): number | "bad" {
  const own = numberParameter(text, contact.at + contact.length, "expires=");
  return own === undefined ? header : own === "bad" ? "bad" : own.value;
}

/** Wakes the expectation of a contact (refresh_signalling_expectation). */
function refresh({ sight }: SipMessage, contact: Uri, seconds: number): boolean {
  const { tracker, connection, now } = sight;
  const { protocol } = connection.tuples[0];
  for (const expectation of tracker.expectations.of(connection).toReversed()) {
    const { tuple } = expectation;
    const isIt =
      expectation.class === CLASS.SIGNALLING &&
      expectation.deadline > now &&
      tuple.destination === contact.address &&
      tuple.protocol === protocol &&
      tuple.destinationPort === contact.port;
    if (!isIt) continue;
    expectation.deadline = now + seconds * 1e6;
    expectation.flags &= ~EXPECT_FLAG.INACTIVE;
    return true;
  }
  return false;
}
