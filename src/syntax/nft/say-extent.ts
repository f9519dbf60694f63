import type { Range } from "../../predicate/index.ts";
import { ALWAYS, byteThere, holdsFor, NEVER, sayText, type Said, type Scene } from "./said.ts";
import { Unsayable } from "./unsayable.ts";

/** Fragment offsets, in units of 8 bytes. In IPv6 nft knows of one only where there is a fragment header. */
export function sayFragment(ranges: readonly Range[], negated: boolean, { family, whole }: Scene): Said {
  if (whole) return holdsFor(ranges, 0) !== negated ? ALWAYS : NEVER;
  const [only] = ranges;
  if (only === undefined || ranges.length > 1) throw new Unsayable("nft cannot compare fragment offsets with several ranges");
  const [low, high] = only;
  if (low === 0 && high === 0) {
    const later = family === 4 ? "ip frag-off & 0x1fff != 0" : "frag frag-off 1-8191";
    if (negated) return { kind: "match", text: later };
    // nft loads a port out of a later fragment as if it were a header (Linux 6.18, nft_payload_fast_eval), so this is always asked.
    return family === 4 ? { kind: "match", text: "ip frag-off & 0x1fff == 0" } : { kind: "unless", texts: [later] };
  }
  if (holdsFor(ranges, 0)) throw new Unsayable("nft cannot compare fragment offsets with this range");
  const value = low === high ? `${low}` : `${low}-${high}`;
  return sayText(family === 4 ? `ip frag-off & 0x1fff ${low === high ? "== " : ""}${value}` : `frag frag-off ${value}`, negated);
}

/** Whether more fragments follow. */
export function sayMore(ranges: readonly Range[], { family, whole }: Scene): Said {
  if (whole) return holdsFor(ranges, 0) ? ALWAYS : NEVER;
  if (family === 6) return sayText("frag more-fragments 1", !holdsFor(ranges, 1));
  return { kind: "match", text: `ip frag-off & 0x2000 ${holdsFor(ranges, 1) ? "!=" : "=="} 0` };
}

/** Bytes of the transport part, as far as nft can ask for one of them. Throws Unsayable. */
export function sayTransportLength(ranges: readonly Range[], negated: boolean, { first, whole }: Scene): Said {
  const [only] = ranges;
  if (only === undefined || ranges.length > 1 || only[0] !== 0 || Number(only[1]) > 254 || !(first || whole))
    throw new Unsayable("nft cannot compare the length of the transport part");
  const there = byteThere(Number(only[1]));
  return negated ? { kind: "match", text: there, loads: "transport" } : { kind: "unless", texts: [there] };
}
