import { ordinaryOpener, placementFault, sessionFault } from "../engine/index.ts";
import type { Host } from "../host/index.ts";
import { isNotationFault, parseNotation, type PacketSpec } from "../packet/index.ts";
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

/** Refuses interfaces that the host does not have, and bridge ports that no bridge has. */
export function checkInterfaces(host: Host, argument: PacketArgument): void {
  const fault = placementFault(host, argument.spec);
  if (fault === undefined) return;
  const { word, message, lacks } = fault;
  throw wordFault(argument, word, lacks === "bridge port" ? `${message}: say --bridge br0=${word}` : message);
}

/** The packet that opens the session meant; throws an InputFault for one that opens none. */
export function openerOf(argument: PacketArgument): PacketSpec {
  const fault = sessionFault(argument.spec);
  if (fault !== undefined) throw wordFault(argument, "session", `${fault}; leave out the word session to trace one packet`);
  return ordinaryOpener(argument.spec);
}
