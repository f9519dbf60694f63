import type { Described, Opaque } from "../../predicate/index.ts";
import { sayText, type Said, type Scene } from "./said.ts";
import { connectionKey } from "./set-words.ts";
import { Unsayable } from "./unsayable.ts";

const UNITS: readonly (readonly [name: string, seconds: number])[] = [
  ["second", 1],
  ["minute", 60],
  ["hour", 3600],
  ["day", 86_400],
];

/** A condition with state, or a comparison of raw bytes, as far as it says what it is. Throws Unsayable. */
export function sayOpaque({ described, about }: Opaque, negated: boolean, scene: Scene): Said {
  if (described?.kind === "payload") return sayPayload(described, about, negated);
  const text = described && describe(described, negated, scene);
  if (text === undefined) throw new Unsayable(`nft cannot say: ${about}`);
  return { kind: "match", text, stateful: true };
}

/** Whole bytes only: nft 1.0 compares others wrong. */
function sayPayload({ base, bit, length, value }: Extract<Described, { kind: "payload" }>, about: string, negated: boolean): Said {
  if (bit % 8 !== 0 || length % 8 !== 0) throw new Unsayable(`nft cannot say: ${about}`);
  return sayText(`@${base === "network" ? "nh" : "th"},${bit},${length} 0x${value.toString(16)}`, negated);
}

function describe(described: Described, negated: boolean, { family, sets }: Scene): string | undefined {
  switch (described.kind) {
    case "limit": {
      const unit = UNITS.find(([, seconds]) => seconds === described.seconds);
      return unit && `limit rate ${negated ? "over " : ""}${described.packets}/${unit[0]} burst ${described.burst} packets`;
    }
    case "quota":
      // Kernel: nft_quota.c, nft_quota_do_init.
      if (described.bytes >= 1n << 63n) throw new Unsayable("a quota of 2^63 bytes and more");
      return `quota ${negated ? "over " : ""}${described.bytes} bytes`;
    case "random":
      return `numgen random mod ${described.outOf} ${negated ? ">=" : "<"} ${described.below}`;
    case "nth":
      return `numgen inc mod ${described.every} ${negated ? "!= " : ""}${described.offset}`;
    case "connections":
      return `${sets.counting(described, family)} { ${connectionKey(described, family)} ct count ${negated ? "" : "over "}${described.above} }`;
    default:
      return undefined;
  }
}
