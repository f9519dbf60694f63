import type { Expectation } from "../../expectation.ts";
import { refuse } from "../../helper.ts";
import type { Address } from "../../tuple.ts";
import { getLine, type LineName } from "./description.ts";
import { getHeader, isPart } from "./headers.ts";
import type { Part } from "./lengths.ts";
import { textOf, type SipMessage } from "./message.ts";
import { rewrite, writeAddress } from "./nat.ts";
import { arriveTranslated } from "./nat-expect.ts";

/** Writes the length of the session description, as it is now, into Content-Length (nf_nat_sip.c, mangle_content_len). */
function writeLength(message: SipMessage): boolean {
  const text = textOf(message);
  const version = getLine(text, text.start, "version");
  const length = getHeader(text, text.start, "contentLength");
  if (!isPart(version) || !isPart(length)) return false;
  return rewrite(message, length, `${text.end - version.at + VERSION_BYTES}`);
}

/** The description begins with "v=", behind which its version was found. */
const VERSION_BYTES = 2;

/** Writes the address of a line before the first medium; "none" when there is no such line (mangle_sdp_packet). */
function writeLine(message: SipMessage, from: number, name: LineName, address: Address): boolean | "none" {
  const line = getLine(textOf(message), from, name, "media");
  return isPart(line) ? rewrite(message, line, writeAddress(address, false)) : "none";
}

/** Writes the address of a medium (nf_nat_sdp_addr). */
export function translateAddress(message: SipMessage, from: number, address: Address): boolean {
  return writeLine(message, from, "connection", address) === true && writeLength(message);
}

/** Writes the port of a medium (nf_nat_sdp_port). */
export function writePort(message: SipMessage, part: Part, port: number): boolean {
  return rewrite(message, part, `${port}`) && writeLength(message);
}

/** Writes the address of the whole session, as its owner's and for all media (nf_nat_sdp_session). */
export function translateSession(message: SipMessage, sdp: number, address: Address): boolean {
  return (
    writeLine(message, sdp, "owner", address) === true && writeLine(message, sdp, "connection", address) !== false && writeLength(message)
  );
}

/** Expects a translated medium at a pair of ports that is free, and writes them down (nf_nat_sdp_media). */
export function translateMedia(
  message: SipMessage,
  rtp: Expectation,
  rtcp: Expectation,
  part: Part,
): "drop" | { readonly address: Address } {
  const { sight } = message;
  const { connection, direction, tracker } = sight;
  const own = connection.tuples[direction];
  const back = connection.tuples[direction === 0 ? 1 : 0];
  const address = own.source === back.destination ? rtp.tuple.destination : back.destination;
  for (const expectation of [rtp, rtcp]) {
    expectation.savedAddress = expectation.tuple.destination;
    expectation.savedPort = expectation.tuple.destinationPort;
    expectation.tuple = { ...expectation.tuple, destination: address };
    expectation.direction = direction === 0 ? 1 : 0;
    expectation.arrive = arriveTranslated(tracker);
  }
  const port = enterPair(message, rtp, rtcp);
  if (port === 0) return refuse(sight, "all ports for media are in use");
  if (port === rtp.savedPort || writePort(message, part, port)) return { address };
  tracker.expectations.remove(rtp);
  tracker.expectations.remove(rtcp);
  return "drop";
}

/** The first even port from the wanted one on at which both can be expected; 0 for none. */
function enterPair({ sight }: SipMessage, rtp: Expectation, rtcp: Expectation): number {
  const { tracker, now } = sight;
  for (let port = rtp.tuple.destinationPort; port < 0x10000; port += 2) {
    rtp.tuple = { ...rtp.tuple, destinationPort: port };
    const first = tracker.expectations.enter(rtp, now, true);
    if (first === "busy") continue;
    if (first !== "entered") return 0;
    rtcp.tuple = { ...rtcp.tuple, destinationPort: port + 1 };
    const second = tracker.expectations.enter(rtcp, now, true);
    if (second === "entered") return port;
    tracker.expectations.remove(rtp);
    if (second !== "busy") return 0;
  }
  return 0;
}
