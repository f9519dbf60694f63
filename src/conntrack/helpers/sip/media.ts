import { PROTOCOL } from "../../../packet/index.ts";
import type { Connection } from "../../connection.ts";
import { expectation } from "../../expectation.ts";
import { refuse } from "../../helper.ts";
import type { Address } from "../../tuple.ts";
import { NAT_MASK } from "../nat-mask.ts";
import { ascii, saysExactly } from "../text.ts";
import { getLine, getLineAddress } from "./description.ts";
import { CLASS } from "./flush.ts";
import { isPart } from "./headers.ts";
import { readNumber, type Part, type SipText } from "./lengths.ts";
import { textOf, type SipMessage } from "./message.ts";
import { translateAddress, translateMedia, translateSession, writePort } from "./nat-description.ts";

/** Kinds of media that are expected, three at most in one message (sdp_media_types). */
const KINDS = [
  { word: ascii("audio "), class: CLASS.AUDIO },
  { word: ascii("video "), class: CLASS.VIDEO },
  { word: ascii("image "), class: CLASS.IMAGE },
] as const;

const LEAST_PORT = 1024;

/** Expects the media that a session description names (nf_conntrack_sip.c, process_sdp). */
export function describeMedia(message: SipMessage): "accept" | "drop" {
  const { sight } = message;
  const translated = (sight.connection.status & NAT_MASK) !== 0;
  const version = getLine(textOf(message), message.start, "version");
  if (!isPart(version)) return "accept";
  const sdp = version.at;
  const session = getLineAddress(textOf(message), sdp, "connection", "media");
  let address: Address | undefined = session?.address;
  let from = sdp;
  for (let count = 0; count < KINDS.length;) {
    const line = getLine(textOf(message), from, "media");
    if (!isPart(line)) break;
    const kind = kindOf(textOf(message), line);
    if (kind === undefined) {
      from = line.at + line.length;
      continue;
    }
    from = line.at + kind.word.length;
    const part: Part = { at: from, length: line.length - kind.word.length };
    const port = readNumber(sight.carrier.bytes, from, message.end)?.value ?? 0;
    if (port === 0) continue;
    if (port < LEAST_PORT || port > 0xffff) return refuse(sight, `media at port ${port}`);
    const own = getLineAddress(textOf(message), from, "connection", "media");
    const named: Address | undefined = own?.address ?? session?.address;
    if (named === undefined) return refuse(sight, "a session description without an address");
    const expected = expectMedia(message, named, port, kind.class, part);
    if (expected === "drop") return refuse(sight, "media cannot be expected");
    address = expected.address;
    if (own !== undefined && translated && !translateAddress(message, from, address))
      return refuse(sight, "the session description cannot be rewritten");
    count++;
  }
  if (!translated || address === undefined) return "accept";
  return translateSession(message, sdp, address) ? "accept" : refuse(sight, "the session description cannot be rewritten");
}

function kindOf({ bytes }: SipText, { at, length }: Part): (typeof KINDS)[number] | undefined {
  return KINDS.find(({ word }) => length >= word.length && saysExactly(bytes, at, word));
}

/** Helpers of one name read one protocol each. */
function sameHelper(a: Connection, b: Connection): boolean {
  return a.helper === b.helper && a.tuples[0].protocol === b.tuples[0].protocol;
}

/**
 * Expects RTP at an even port and RTCP at the next one; gives the address that the message now names for them. Media that another
 * connection's call has announced already go there directly, past our own translation (set_expected_rtp_rtcp).
 */
function expectMedia(message: SipMessage, named: Address, port: number, kind: number, part: Part): "drop" | { readonly address: Address } {
  const { sight } = message;
  const { tracker, connection, direction, now } = sight;
  const own = connection.tuples[direction];
  const translated = (connection.status & NAT_MASK) !== 0;
  const directMedia = tracker.helperSettings.sipDirectMedia;
  if (directMedia && named !== own.source) return { address: named };
  const source = directMedia ? connection.tuples[direction === 0 ? 1 : 0].source : undefined;
  const none = own.family === 4 ? 0 : 0n;
  let address = named;
  let mediaPort = port;
  let direct = false;
  let known = false;
  while (!known) {
    const tuple = {
      family: own.family,
      protocol: PROTOCOL.UDP,
      source: source ?? none,
      sourcePort: 0,
      destination: address,
      destinationPort: mediaPort,
    };
    const other = tracker.expectations.find(tuple, connection.zone, now);
    if (other === undefined || other.master === connection || !sameHelper(other.master, connection) || other.class !== kind) break;
    const moved = other.savedAddress !== other.tuple.destination || other.savedPort !== other.tuple.destinationPort;
    if (!direct && moved && translated) {
      address = other.savedAddress;
      mediaPort = other.savedPort;
      direct = true;
    } else known = true;
  }
  const base = mediaPort & ~1;
  if (direct && !writePort(message, part, base)) return "drop";
  if (known) return { address };
  const expect = (destinationPort: number): ReturnType<typeof expectation> =>
    expectation(connection, { class: kind, protocol: PROTOCOL.UDP, source, destination: address, destinationPort });
  const rtp = expect(base);
  const rtcp = expect(base + 1);
  if (translated && !direct) return translateMedia(message, rtp, rtcp, part);
  // Another connection's equal expectation will do as well.
  const first = tracker.expectations.enter(rtp, now, true);
  if (first !== "entered" && first !== "already") return "drop";
  const second = tracker.expectations.enter(rtcp, now, true);
  if (second === "entered" || second === "already") return { address };
  if (first === "entered") tracker.expectations.remove(rtp);
  return "drop";
}
