import { bytesToSpec, isFault, printNotation, type PacketMeta } from "../packet/index.ts";
import { printable } from "./printable.ts";

/** A packet's bytes in the packet notation, short; bytes that are no packet are named as such. */
export function packetText(bytes: Uint8Array, meta: PacketMeta = {}): string {
  const spec = bytesToSpec(bytes, meta, "brief");
  return printable(isFault(spec) ? `${bytes.length} bytes that are no packet (${spec.fault})` : printNotation(spec));
}
