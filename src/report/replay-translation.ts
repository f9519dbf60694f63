import { printAddress, PROTOCOL, u128, u16, u32, type Layout } from "../packet/index.ts";
import type { Translation } from "./replay-summary.ts";

/** One end of a packet, and what it became. */
export type Manip = Omit<Translation, "sessions">;

/** Which ends of a packet were translated, destinations with their ports, sources without: they differ from session to session. */
export function manipsOf(before: Uint8Array, layout: Layout, after: Uint8Array): Manip[] {
  const { family, protocol, l4, fragmentOffset } = layout;
  if ((after[0] ?? 0) >> 4 !== family || after.length < l4) return [];
  const ported =
    fragmentOffset === 0 && (protocol === PROTOCOL.TCP || protocol === PROTOCOL.UDP) && after.length >= l4 + 4 && before.length >= l4 + 4;
  const address = (bytes: Uint8Array, end: 0 | 1): string =>
    printAddress(family === 4 ? u32(bytes, 12 + end * 4) : u128(bytes, 8 + end * 16));
  const port = (bytes: Uint8Array): string => (ported ? ` port ${u16(bytes, l4 + 2)}` : "");
  const manips: Manip[] = [];
  if (differ(before, after, family === 4 ? 12 : 8, family === 4 ? 4 : 16))
    manips.push({ manip: "source", from: address(before, 0), to: address(after, 0) });
  if (differ(before, after, family === 4 ? 16 : 24, family === 4 ? 4 : 16) || (ported && differ(before, after, l4 + 2, 2)))
    manips.push({ manip: "destination", from: address(before, 1) + port(before), to: address(after, 1) + port(after) });
  return manips;
}

function differ(a: Uint8Array, b: Uint8Array, from: number, length: number): boolean {
  for (let at = from; at < from + length; at++) if (a[at] !== b[at]) return true;
  return false;
}
