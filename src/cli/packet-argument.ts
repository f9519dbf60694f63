import type { SessionSpec } from "../engine/index.ts";
import type { Host, Passenger } from "../host/index.ts";
import { isNotationFault, parseNotation, PROTOCOL, type PacketSpec } from "../packet/index.ts";
import { InputFault } from "./fault.ts";

/** A PACKET of the command line: what it says, and its words for messages. */
export interface PacketArgument {
  readonly spec: PacketSpec;
  readonly text: string;
  /** `packet 2` */
  readonly name: string;
}

/** Reads one PACKET; throws an InputFault. */
export function readPacket(text: string, index: number): PacketArgument {
  const name = `packet ${index + 1}`;
  const spec = parseNotation(text);
  if (!isNotationFault(spec)) return { spec, text, name };
  const { message, start, end, guess } = spec;
  throw new InputFault([{ file: name, line: 1, column: start + 1, endColumn: end + 1, message, guess }], text);
}

/** A fault of one of the packet's words. */
export function wordFault({ name, text }: PacketArgument, word: string, message: string): InputFault {
  const found = ` ${text} `.indexOf(` ${word} `);
  const column = found < 0 ? 1 : found + 1;
  return new InputFault([{ file: name, line: 1, column, endColumn: column + word.length, message }], text);
}

/** Who the packet concerns, for assumptions. Loopback addresses mean loopback. */
export function passenger({ spec: { family, source, destination, in: input, out: output, physin } }: PacketArgument): Passenger {
  const loopback = input === undefined && output === undefined && isLoopback(source.address);
  return {
    family,
    source: source.address,
    destination: destination.address,
    in: loopback ? "lo" : (input ?? physin),
    out: loopback ? "lo" : output,
  };
}

const isLoopback = (address: number | bigint): boolean => (typeof address === "number" ? address >>> 24 === 127 : address === 1n);

/** Refuses interfaces that the host does not have, and bridge ports that no bridge has. */
export function checkInterfaces({ interfaces }: Host, argument: PacketArgument): void {
  const { spec } = argument;
  const names = interfaces.map(({ name }) => name).join(", ");
  for (const name of [spec.in, spec.out])
    if (name !== undefined && !interfaces.some(each => each.name === name))
      throw wordFault(argument, name, `the host has no interface ${name}: it has ${names}`);
  if (spec.physin !== undefined && !interfaces.some(({ name, bridge }) => name === spec.physin && bridge !== undefined))
    throw wordFault(argument, spec.physin, `the host has no bridge port ${spec.physin}: say --bridge br0=${spec.physin}`);
  if (spec.physout !== undefined)
    throw wordFault(argument, spec.physout, "the bridge port that a packet leaves by is computed: leave out physout");
}

/** The session that a packet opens; throws an InputFault for protocols whose sessions cannot be played. */
export function sessionOf(argument: PacketArgument): SessionSpec {
  const { family, protocol, source, destination, uid, mac, id, in: input } = argument.spec;
  const kind = SESSIONS.get(protocol);
  if (kind === undefined)
    throw wordFault(
      argument,
      "session",
      "only tcp, udp and icmp echo sessions can be played; leave out the word session to trace one packet",
    );
  return {
    family,
    protocol: kind,
    client: { address: source.address, port: source.port ?? id ?? DEFAULT_PORT },
    server: { address: destination.address, port: destination.port ?? 0 },
    in: input,
    uid,
    mac,
  };
}

const SESSIONS: ReadonlyMap<number, SessionSpec["protocol"]> = new Map([
  [PROTOCOL.TCP, "tcp"],
  [PROTOCOL.UDP, "udp"],
  [PROTOCOL.ICMP, "icmp"],
  [PROTOCOL.ICMPV6, "icmp"],
]);

const DEFAULT_PORT = 40000;
