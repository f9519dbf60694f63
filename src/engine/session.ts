import {
  dissect,
  hasPorts,
  isFault,
  isIcmp,
  printAddress,
  PROTOCOL,
  specToBytes,
  u128,
  u16,
  u32,
  type Circumstances,
  type PacketSpec,
} from "../packet/index.ts";
import { neighbourNetworks, type Host } from "../host/index.ts";
import type { Firewall, RunOptions } from "./firewall.ts";
import type { Errno } from "./journey.ts";
import type { Outcome } from "./outcome.ts";
import type { Scalar } from "../predicate/index.ts";
import { entryOf, packetTypeOf } from "./run-packet.ts";
import { scriptFor, sessionFault, type Lengths, type Side, type Step } from "./session-script.ts";

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
  readonly died: SessionDeath | undefined;
  /** What the client's connect() or first read says; undefined when all is well. */
  readonly clientSees: Errno | undefined;
}

/** The packet at which a session ends. */
export interface SessionDeath {
  readonly step: string;
  /** Its number in the session, from 1. */
  readonly packet: number;
  readonly from: Side;
  readonly reason: string;
  /** It never comes this way: the server answers its neighbour in this network directly. */
  readonly past?: { readonly network: string; readonly server: Scalar };
}

/** How a session is played. */
export interface SessionOptions extends RunOptions {
  /** A question and its answer are played twice, so that packets of a connection that was answered occur with every protocol. */
  readonly again?: boolean;
  /** What the server's packets have that nobody says of an opener; nothing unless said. */
  readonly server?: ServerWords | undefined;
  readonly lengths?: Lengths | undefined;
}

/** What a packet has besides its bytes, as the words of an opener say it of the client's. */
export type ServerWords = Pick<PacketSpec, "mark" | "uid" | "gid" | "mac" | keyof Circumstances>;

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
 * undone or found missing. The client is where `runPacket` takes the opener from. Starts at `now` µs, one packet
 * every `gap` µs, and stops at the first packet that does not reach the other side. Throws a RangeError where `sessionFault` finds one.
 */
export function runSession(
  firewall: Firewall,
  opener: PacketSpec,
  now: number,
  gap = 10_000,
  { again = false, server = {}, lengths, ...options }: SessionOptions = {},
): SessionResult {
  const fault = sessionFault(opener);
  if (fault !== undefined) throw new RangeError(fault);
  const steps: SessionStep[] = [];
  const clientDevice = entryOf(firewall.host, opener);
  const clientPlace: Place = clientDevice === undefined ? { local: true } : { local: false, interface: clientDevice };
  let clientEnds: Ends | undefined;
  let serverPlace: Place | undefined;
  let serverEnds: Ends | undefined;
  const script = scriptFor(opener, again, lengths);
  let time = now - gap;
  for (const [index, step] of script.entries()) {
    time += gap + (step.pause ?? 0);
    const fromClient = step.from === "client";
    const ends = fromClient ? clientEnds : serverEnds;
    const place = fromClient ? clientPlace : serverPlace;
    const bytes = ends === undefined ? specToBytes(opener) : packetOf(opener, step, ends);
    clientEnds ??= endsOf(bytes, opener.protocol);
    if (place === undefined) break;
    const stack = index === 0 && !listens(firewall, opener);
    const outcome = play(firewall, fromClient ? opener : server, place, bytes, time, { ...options, stack });
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
          : outcome.reason === "" && seen === undefined
            ? lostText(outcome, fromClient ? serverPlace : clientPlace)
            : outcome.reason;
      const died = { step: step.name, packet: index + 1, from: step.from, reason };
      return { steps, complete: false, died, clientSees: clientSees(outcome, fromClient, index) };
    }
    if (fromClient && serverPlace === undefined) {
      serverPlace = seen.place;
      serverEnds = {
        source: reply.destination,
        sourcePort: reply.destinationPort,
        destination: reply.source,
        destinationPort: reply.sourcePort,
      };
      const network = networkPast(firewall.host, opener, clientPlace, serverPlace, serverEnds);
      const answer = script[1];
      if (network !== undefined && answer !== undefined)
        return { steps, complete: false, died: neighbourly(answer, opener, network, serverEnds.source), clientSees: "ETIMEDOUT" };
    }
  }
  return { steps, complete: true, died: undefined, clientSees: undefined };
}

/** The lengths that a session's packets have unless others are asked for; of later ones the longest. */
export function sessionLengths(opener: PacketSpec): Lengths {
  const { source, destination } = opener;
  const ends: Ends = { source: source.address, sourcePort: 0, destination: destination.address, destinationPort: 0 };
  const sizes: Record<"answer" | Side, number> = { answer: 0, client: 0, server: 0 };
  for (const [index, step] of scriptFor(opener, true).entries()) {
    if (index === 0) continue;
    const part = index === 1 ? "answer" : step.from;
    sizes[part] = Math.max(sizes[part], packetOf(opener, step, ends).length);
  }
  return sizes;
}

/**
 * The network in which a server and its client reach each other past this machine: its answer goes there directly where it sees the client's own
 * address, although the client asked another one than the server's.
 */
function networkPast(
  host: Host,
  { family, source, destination }: PacketSpec,
  client: Place,
  server: Place,
  ends: Ends,
): string | undefined {
  if (client.local || server.local || client.interface !== server.interface) return undefined;
  if (ends.destination !== source.address || ends.source === destination.address) return undefined;
  return neighbourNetworks(host, family).find(
    ({ device, range: [low, high] }) =>
      device === client.interface && low <= ends.source && ends.source <= high && low <= ends.destination && ends.destination <= high,
  )?.text;
}

function neighbourly({ name, from }: Step, { destination }: PacketSpec, network: string, server: Scalar): SessionDeath {
  const reason = `${printAddress(server)} answers its neighbour in ${network} directly, past this machine; the client throws away what does not come from ${printAddress(destination.address)}`;
  return { step: name, packet: 2, from, reason, past: { network, server } };
}

/** Is a program there to answer? Nobody says otherwise where the host lists none. */
function listens(firewall: Firewall, { protocol, destination }: PacketSpec): boolean {
  const { listeners } = firewall.host;
  const name = protocol === PROTOCOL.TCP ? "tcp" : protocol === PROTOCOL.UDP ? "udp" : undefined;
  if (listeners === undefined || name === undefined) return true;
  return listeners.some(listener => listener.protocol === name && listener.port === destination.port);
}

/**
 * A later packet: it says what its step says. The client's are as urgent and as long-lived as the opener; a server answers in its own way, but to
 * ICMP as urgently as it was asked. Kernel: icmp.c, icmp_reply; icmp.c (IPv6), icmpv6_echo_reply.
 */
function packetOf({ family, protocol, ttl, tos, ...rest }: PacketSpec, step: Step, ends: Ends): Uint8Array {
  const opener = { family, protocol, ...rest };
  const words = step.words(opener);
  const ported = hasPorts(protocol);
  const echo = isIcmp(family, protocol);
  const fromClient = step.from === "client";
  return specToBytes({
    session: false,
    family,
    protocol,
    source: { address: ends.source, ...(ported && { port: ends.sourcePort }) },
    destination: { address: ends.destination, ...(ported && { port: ends.destinationPort }) },
    ...(family === 4 && { df: true }),
    ...(fromClient && ttl !== undefined && { ttl }),
    ...((fromClient || echo) && tos !== undefined && { tos }),
    ...words,
    ...(echo && { rest: ((ends.sourcePort << 16) | (words.seq ?? 1)) >>> 0 }),
  });
}

function play(
  firewall: Firewall,
  words: ServerWords & Pick<PacketSpec, "pkttype" | "out">,
  place: Place,
  bytes: Uint8Array,
  now: number,
  options: RunOptions,
): Outcome {
  const { mark, uid, gid, mac, out } = words;
  if (place.local) return firewall.send({ bytes, mark, uid, gid, out, around: words }, now, options);
  return firewall.receive({ bytes, in: place.interface, mark, mac, pkttype: packetTypeOf(words), around: words }, now, options);
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

/** Why a packet that the firewall let through is not where the other side is. */
function lostText(outcome: Outcome, place: Place | undefined): string {
  const left = outcome.emitted.find(({ kind }) => kind === "packet")?.interface;
  const went =
    outcome.delivered !== undefined ? "it is for this machine itself" : left === undefined ? "it goes nowhere" : `it leaves by ${left}`;
  if (place === undefined) return went;
  return `${went}, and the other side is ${place.local ? "this machine" : `behind ${place.interface}`}`;
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
