import { dissect, isFault, u16, u32 } from "../packet/index.ts";
import type { Scalar } from "../predicate/index.ts";
import type { Firewall, RunOptions } from "./firewall.ts";
import type { Errno } from "./journey.ts";
import type { Outcome } from "./outcome.ts";
import { scriptFor, type Part, type Step } from "./session-script.ts";

/** A session to play: who opens it to whom, and by which interfaces. */
export interface SessionSpec {
  readonly family: 4 | 6;
  readonly protocol: "tcp" | "udp" | "icmp";
  /** As the client has them. */
  readonly client: { readonly address: Scalar; readonly port: number };
  readonly server: { readonly address: Scalar; readonly port: number };
  /** The interface the client's packets come in on; undefined when the client is a program of this machine. */
  readonly in?: string | undefined;
  readonly uid?: number | undefined;
  /** Source hardware address of the client's frames. */
  readonly mac?: number | undefined;
}

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

/** Where a side is: a program of this machine, or behind an interface. */
type Place = { readonly local: true } | { readonly local: false; readonly interface: string };

/** Addresses and ports of a packet as one side sees them. */
interface Ends {
  readonly source: Scalar;
  readonly sourcePort: number;
  readonly destination: Scalar;
  readonly destinationPort: number;
}

/**
 * Plays a whole session through the firewall: each side answers to what it saw, so that translations are undone or found missing.
 * Starts at `now` µs, one packet every `gap` µs, and stops at the first packet that does not reach the other side.
 */
export function runSession(firewall: Firewall, spec: SessionSpec, now: number, gap = 10_000, options: RunOptions = {}): SessionResult {
  const script = scriptFor(spec.protocol);
  const steps: SessionStep[] = [];
  const clientPlace: Place = spec.in === undefined ? { local: true } : { local: false, interface: spec.in };
  const clientEnds: Ends = {
    source: spec.client.address,
    sourcePort: spec.client.port,
    destination: spec.server.address,
    destinationPort: spec.server.port,
  };
  let serverPlace: Place | undefined;
  let serverEnds: Ends | undefined;
  for (const [index, step] of script.entries()) {
    const fromClient = step.from === "client";
    const ends = fromClient ? clientEnds : serverEnds;
    const place = fromClient ? clientPlace : serverPlace;
    if (ends === undefined || place === undefined) break;
    const bytes = packetOf(spec, step, ends);
    const stack = index === 0 && !listens(firewall, spec);
    const outcome = play(firewall, spec, place, bytes, fromClient, now + index * gap, { ...options, stack });
    const seen = arrival(outcome, fromClient ? serverPlace : clientPlace);
    const reply = seen && endsOf(seen.bytes);
    const expected = fromClient ? serverEnds : clientEnds;
    const strange = reply !== undefined && expected !== undefined && !answers(reply, expected, spec.protocol);
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
function listens(firewall: Firewall, { protocol, server }: SessionSpec): boolean {
  const { listeners } = firewall.host;
  if (listeners === undefined || protocol === "icmp") return true;
  return listeners.some(listener => listener.protocol === protocol && listener.port === server.port);
}

function packetOf(spec: SessionSpec, step: Step, ends: Ends): Uint8Array {
  return step.build({ family: spec.family, ...ends } satisfies Part);
}

function play(
  firewall: Firewall,
  spec: SessionSpec,
  place: Place,
  bytes: Uint8Array,
  fromClient: boolean,
  now: number,
  options: RunOptions,
): Outcome {
  if (place.local) return firewall.send({ bytes, ...(fromClient && spec.uid !== undefined && { uid: spec.uid }) }, now, options);
  return firewall.receive({ bytes, in: place.interface, ...(fromClient && spec.mac !== undefined && { mac: spec.mac }) }, now, options);
}

/** The packet as it came out at the other side, and where that is. With `place` known it must be there. */
function arrival(outcome: Outcome, place: Place | undefined): { readonly bytes: Uint8Array; readonly place: Place } | undefined {
  if (outcome.delivered !== undefined)
    return place === undefined || place.local ? { bytes: outcome.delivered, place: { local: true } } : undefined;
  const frame = outcome.emitted.find(({ kind }) => kind === "packet");
  if (frame === undefined || (outcome.verdict !== "forwarded" && outcome.verdict !== "sent")) return undefined;
  if (place !== undefined && (place.local || place.interface !== frame.interface)) return undefined;
  return { bytes: frame.bytes, place: { local: false, interface: frame.interface } };
}

function endsOf(bytes: Uint8Array): Ends | undefined {
  const layout = dissect(bytes);
  if (isFault(layout) || layout.l4 + 8 > layout.totalLength) return undefined;
  const { family, l4, protocol } = layout;
  const wide = (at: number): bigint =>
    (BigInt(u32(bytes, at)) << 96n) |
    (BigInt(u32(bytes, at + 4)) << 64n) |
    (BigInt(u32(bytes, at + 8)) << 32n) |
    BigInt(u32(bytes, at + 12));
  const echo = protocol === 1 || protocol === 58;
  return {
    source: family === 4 ? u32(bytes, 12) : wide(8),
    destination: family === 4 ? u32(bytes, 16) : wide(24),
    // An echo has one number, the same both ways.
    sourcePort: u16(bytes, echo ? l4 + 4 : l4),
    destinationPort: u16(bytes, echo ? l4 + 4 : l4 + 2),
  };
}

/** Is it from the peer, to the socket that waits for it? */
function answers(seen: Ends, waiting: Ends, protocol: SessionSpec["protocol"]): boolean {
  if (seen.source !== waiting.destination || seen.destination !== waiting.source) return false;
  return protocol === "icmp"
    ? seen.sourcePort === waiting.sourcePort
    : seen.sourcePort === waiting.destinationPort && seen.destinationPort === waiting.sourcePort;
}

/** A client is told of refusals of its own packets only; of a lost answer it learns by waiting. */
function clientSees(outcome: Outcome, fromClient: boolean, index: number): Errno | undefined {
  if (fromClient) return outcome.senderSees ?? "ETIMEDOUT";
  return index <= 1 ? "ETIMEDOUT" : undefined;
}
