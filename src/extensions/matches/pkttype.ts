import { all, among, any, equal, invertIf, not, type Family, type Predicate } from "../../predicate/index.ts";
import { exactWord, someOf, UsageError, type MatchType, type Value, type Word } from "../../xtables/index.ts";

interface Pkttype {
  readonly type: number;
  readonly invert: boolean;
}

/** Kernel: if_packet.h, PACKET_*. */
const BROADCAST = 1;
const MULTICAST = 2;
const LOOPBACK = 5;
const TYPES: readonly Word<number>[] = [
  ["unicast", 0],
  ["broadcast", BROADCAST],
  ["multicast", MULTICAST],
  ["otherhost", 3],
];
const ALIASES: readonly Word<number>[] = [
  ["bcast", BROADCAST],
  ["mcast", MULTICAST],
  ["host", 0],
];
const MULTICAST4 = [0xe0000000, 0xefffffff] as const;
const MULTICAST6 = [0xffn << 120n, (1n << 128n) - 1n] as const;

const packetType: Value<number> = {
  shape: "type",
  words: TYPES.map(([name]) => name),
  parse(text) {
    const word = exactWord(TYPES, text) ?? exactWord(ALIASES, text);
    if (!word) throw new UsageError(`Bad packet type '${text}'`);
    return word[1];
  },
  print: type => TYPES.find(([, known]) => known === type)?.[0] ?? "",
};

const grammar = someOf({
  "pkt-type": { value: packetType, invert: true, required: true, help: "To whom the link layer sent the packet." },
});

/** A packet that loops back to this host counts as multicast or broadcast by its destination. Kernel: xt_pkttype.c, pkttype_mt. */
function lowerType(type: number, family: Family): Predicate {
  const looped = equal("pkttype", LOOPBACK);
  const toGroup = among("daddr", family === 4 ? MULTICAST4 : MULTICAST6);
  if (type === BROADCAST) return any(equal("pkttype", type), all(looped, not(toGroup)));
  if (type === MULTICAST) return any(equal("pkttype", type), all(looped, toGroup));
  return equal("pkttype", type);
}

/** `-m pkttype`: the link layer's packet type. Kernel: xt_pkttype.c, pkttype_mt. */
export const pkttype: MatchType<Pkttype> = {
  name: "pkttype",
  help: "Match the link-layer packet type.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const parsed = grammar.parse(given, context)["pkt-type"];
      return { type: parsed?.value ?? 0, invert: parsed?.invert ?? false };
    },
    save: ({ type, invert }, family) => `${invert ? "! " : ""}--pkt-type ${packetType.print(type, family)}`,
  },
  lower: ({ type, invert }, { family }) => ({ predicate: invertIf(invert, lowerType(type, family)) }),
  list: ({ type, invert }, _, family) => `PKTTYPE ${invert ? "!=" : "="} ${packetType.print(type, family)}`,
};
