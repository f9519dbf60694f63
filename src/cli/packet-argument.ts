import { ordinaryOpener, sessionFault } from "../engine/index.ts";
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

/** The packet that opens the session meant; throws an InputFault for one that opens none. */
export function openerOf(argument: PacketArgument): PacketSpec {
  const fault = sessionFault(argument.spec);
  if (fault !== undefined) throw wordFault(argument, "session", `${fault}; leave out the word session to trace one packet`);
  return ordinaryOpener(argument.spec);
}
