import { dissect, hasPorts, isFault, isIcmp, PROTOCOL, specToBytes, u128, u16, u32, type PacketSpec } from "../packet/index.ts";
import type { Firewall, RunOptions } from "./firewall.ts";
import type { Errno } from "./journey.ts";
import type { Outcome } from "./outcome.ts";
import { packetTypeOf } from "./run-packet.ts";
import { scriptFor, sessionFault, type Side, type Step } from "./session-script.ts";

/** One packet of a played session. */
export interface SessionStep {
  /** `SYN`, `SYN+ACK`, `data` … */
  readonly name: string;
  readonly from: "client" | "server";
  readonly sent: Uint8Array;
  readonly outcome: Outcome;
  /** As it reached the other side; undefined when it did not. */
  readonly arrived: Uint8Array | undefined;
}

/** How a session went. */
export interface SessionResult {
  readonly steps: readonly SessionStep[];
  readonly complete: boolean;
  /** Undefined for a complete session. */
  readonly died: { readonly step: string; readonly reason: string } | undefined;
  /** What the client's connect() or first read says; undefined when all is well. */
  readonly clientSees: Errno | undefined;
}

/** How a session is played. */
export interface SessionOptions extends RunOptions {
  /** A question and its answer are played twice, so that packets of a connection that was answered occur with every protocol. */
  readonly again?: boolean;
}

/** Where a side is: a program of this machine, or behind an interface. */
type Place = { readonly local: true } | { readonly local: false; readonly interface: string };

/** Addresses and ports of a packet as one side sees them. Ports are 0 where there are none; an ICMP id is both. */
interface Ends {
  readonly source: number | bigint;
  readonly sourcePort: number;
  readonly destination: number | bigint;
  readonly destinationPort: number;
}

/**
 * Plays a whole session through the firewall, opened by the very packet given: each side answers to what it saw, so that translations are
 * undone or found missing. The client is behind the opener's interface `in`, or a program of this machine. Starts at `now` µs, one packet
 * every `gap` µs, and stops at the first packet that does not reach the other side. Throws a RangeError where `sessionFault` finds one.
 */
export function runSession(
  firewall: Firewall,
  opener: PacketSpec,
  now: number,
  gap = 10_000,
  { again = false, ...options }: SessionOptions = {},
): SessionResult {
  const fault = sessionFault(opener);
  if (fault !== undefined) throw new RangeError(fault);
  const steps: SessionStep[] = [];
  const clientDevice = opener.physin ?? opener.in;
  const clientPlace: Place = clientDevice === undefined ? { local: true } : { local: false, interface: clientDevice };
  let clientEnds: Ends | undefined;
  let serverPlace: Place | undefined;
  let serverEnds: Ends | undefined;
  for (const [index, step] of scriptFor(opener, again).entries()) {
    const fromClient = step.from === "client";
    const ends = fromClient ? clientEnds : serverEnds;
    const place = fromClient ? clientPlace : serverPlace;
    const bytes = ends === undefined ? specToBytes(opener) : packetOf(opener, step, ends);
    clientEnds ??= endsOf(bytes, opener.protocol);
    if (place === undefined) break;
    const stack = index === 0 && !listens(firewall, opener);
    const outcome = play(firewall, opener, place, bytes, step.from, now + index * gap, { ...options, stack });
    const seen = arrival(outcome, fromClient ? serverPlace : clientPlace);
    const reply = seen && endsOf(seen.bytes, opener.protocol);
    const expected = fromClient ? serverEnds : clientEnds;
    const strange = reply !== undefined && expected !== undefined && !answers(reply, expected, opener);
    const refused = stack && outcome.senderSees !== undefined;
    steps.push({ name: step.name, from: step.from, sent: bytes, outcome, arrived: strange || refused ? undefined : seen?.bytes });
    if (seen === undefined || reply === undefined || strange || refused) {
      const reason = strange
        ? "it arrives with other addresses or ports than the other side waits for"
        : refused
          ? "nobody listens there"
          : outcome.reason;
      return { steps, complete: false, died: { step: step.name, reason }, clientSees: clientSees(outcome, fromClient, index) };
    }
    if (fromClient && serverPlace === undefined) {
      serverPlace = seen.place;
      serverEnds = {
        source: reply.destination,
        sourcePort: reply.destinationPort,
        destination: reply.source,
        destinationPort: reply.sourcePort,
      };
    }
  }
  return { steps, complete: true, died: undefined, clientSees: undefined };
}

/** Is a program there to answer? Nobody says otherwise where the host lists none. */
function listens(firewall: Firewall, { protocol, destination }: PacketSpec): boolean {
  const { listeners } = firewall.host;
  const name = protocol === PROTOCOL.TCP ? "tcp" : protocol === PROTOCOL.UDP ? "udp" : undefined;
  if (listeners === undefined || name === undefined) return true;
  return listeners.some(listener => listener.protocol === name && listener.port === destination.port);
}

/** A later packet: it says what its step says, and is as urgent and as long-lived as the opener. */
function packetOf({ family, protocol, ttl, tos, ...rest }: PacketSpec, step: Step, ends: Ends): Uint8Array {
  const opener = { family, protocol, ...rest };
  const words = step.words(opener);
  const ported = hasPorts(protocol);
  return specToBytes({
    session: false,
    family,
    protocol,
    source: { address: ends.source, ...(ported && { port: ends.sourcePort }) },
    destination: { address: ends.destination, ...(ported && { port: ends.destinationPort }) },
    ...(family === 4 && { df: true }),
    ...(ttl !== undefined && { ttl }),
    ...(tos !== undefined && { tos }),
    ...words,
    ...(isIcmp(family, protocol) && { rest: ((ends.sourcePort << 16) | (words.seq ?? 1)) >>> 0 }),
  });
}

function play(
  firewall: Firewall,
  opener: PacketSpec,
  place: Place,
  bytes: Uint8Array,
  from: Side,
  now: number,
  options: RunOptions,
): Outcome {
  const { mark, uid, gid, mac, out } = opener;
  const client = from === "client";
  if (place.local) return firewall.send({ bytes, ...(client && { mark, uid, gid, out, around: opener }) }, now, options);
  return firewall.receive(
    { bytes, in: place.interface, ...(client && { mark, mac, pkttype: packetTypeOf(opener), around: opener }) },
    now,
    options,
  );
}

/** The packet as it came out at the other side, and where that is. With `place` known it must be there. */
function arrival(outcome: Outcome, place: Place | undefined): { readonly bytes: Uint8Array; readonly place: Place } | undefined {
  if (outcome.delivered !== undefined)
    return place === undefined || place.local ? { bytes: outcome.delivered, place: { local: true } } : undefined;
  const frame = outcome.emitted.find(({ kind }) => kind === "packet");
  if (frame === undefined || (outcome.verdict !== "forwarded" && outcome.verdict !== "sent")) return undefined;
  if (place !== undefined && (place.local || place.interface !== (frame.port ?? frame.interface))) return undefined;
  return { bytes: frame.bytes, place: { local: false, interface: frame.port ?? frame.interface } };
}

function endsOf(bytes: Uint8Array, protocol: number): Ends | undefined {
  const layout = dissect(bytes);
  if (isFault(layout) || layout.protocol !== protocol) return undefined;
  const { family, l4, totalLength } = layout;
  const echo = isIcmp(family, protocol);
  if ((echo || hasPorts(protocol)) && l4 + 8 > totalLength) return undefined;
  const port = (at: number): number => (echo ? u16(bytes, l4 + 4) : hasPorts(protocol) ? u16(bytes, l4 + at) : 0);
  return {
    source: family === 4 ? u32(bytes, 12) : u128(bytes, 8),
    destination: family === 4 ? u32(bytes, 16) : u128(bytes, 24),
    // An ICMP question has one number, the same both ways.
    sourcePort: port(0),
    destinationPort: port(2),
  };
}

/** Is it from the peer, to the socket that waits for it? */
function answers(seen: Ends, waiting: Ends, { family, protocol }: PacketSpec): boolean {
  if (seen.source !== waiting.destination || seen.destination !== waiting.source) return false;
  return isIcmp(family, protocol)
    ? seen.sourcePort === waiting.sourcePort
    : seen.sourcePort === waiting.destinationPort && seen.destinationPort === waiting.sourcePort;
}

/** A client is told of refusals of its own packets only; of a lost answer it learns by waiting. */
function clientSees(outcome: Outcome, fromClient: boolean, index: number): Errno | undefined {
  if (fromClient) return outcome.senderSees ?? "ETIMEDOUT";
  return index <= 1 ? "ETIMEDOUT" : undefined;
}
