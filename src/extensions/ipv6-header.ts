import { PROTOCOL, u16, u8 } from "../packet/index.ts";
import { all, among, any, bits, not, opaque, present, type Facts, type Predicate } from "../predicate/index.ts";

const FIRST = 40;

/**
 * Offset of the first IPv6 extension header of a kind, from `first` on, where one of the kind `kind` stands. `missing` where the chain ends without it or a later fragment begins, `broken` where
 * a header before it, or its own first bytes, are cut. Kernel: exthdrs_core.c, ipv6_find_hdr.
 */
export function findHeader(
  bytes: Uint8Array,
  end: number,
  wanted: number,
  first: number = FIRST,
  kind: number = u8(bytes, 6),
): number | "missing" | "broken" {
  let protocol = kind;
  let at = first;
  for (;;) {
    if (!isExtension(protocol)) return "missing";
    if (at + (protocol === PROTOCOL.FRAGMENT || protocol === PROTOCOL.ROUTING ? 4 : 2) > end) return "broken";
    if (protocol === wanted) return at;
    if (protocol === PROTOCOL.FRAGMENT && u16(bytes, at + 2) >= 8) return "missing";
    const length = lengthOf(protocol, u8(bytes, at + 1));
    protocol = u8(bytes, at);
    at += length;
  }
}

function lengthOf(protocol: number, units: number): number {
  return protocol === PROTOCOL.FRAGMENT ? 8 : protocol === PROTOCOL.AH ? (units + 2) * 4 : (units + 1) * 8;
}

function isExtension(protocol: number): boolean {
  return (
    protocol === PROTOCOL.HOPOPTS ||
    protocol === PROTOCOL.ROUTING ||
    protocol === PROTOCOL.FRAGMENT ||
    protocol === PROTOCOL.AH ||
    protocol === PROTOCOL.DSTOPTS
  );
}

/** A kind of IPv6 extension header as a match reads it. */
export interface HeaderKind {
  /** Name of the match. */
  readonly name: string;
  readonly protocol: number;
  /** Bytes of it that are read at once. */
  readonly needed: number;
  /** The length that it says it has must be there too. */
  readonly whole: boolean;
}

/** The header's offset where as much of it is there as the match wants, else why not. Kernel: ip6t_ah.c, ip6t_hbh.c, ip6t_rt.c, ip6t_frag.c. */
export function readHeader({ bytes, end }: Facts, { protocol, needed, whole }: HeaderKind): number | "missing" | "broken" {
  const at = findHeader(bytes, end, protocol);
  if (typeof at !== "number") return at;
  return at + needed > end || (whole && at + lengthOf(protocol, u8(bytes, at + 1)) > end) ? "broken" : at;
}

/** A condition on the bytes of the header: false where the packet has none. `test` gets the packet and the header's offset. */
export function headerHolds(kind: HeaderKind, about: string, test: (facts: Facts, at: number) => boolean): Predicate {
  return opaque<undefined>({
    name: kind.name,
    about,
    depends: "packet",
    start: () => undefined,
    step(_, facts) {
      const at = readHeader(facts, kind);
      return typeof at === "number" && test(facts, at);
    },
  });
}

/** Bits of the field `extheaders`. */
const SEEN: ReadonlyMap<number, number> = new Map([
  [PROTOCOL.HOPOPTS, 128],
  [PROTOCOL.DSTOPTS, 64],
  [PROTOCOL.ROUTING, 32],
]);

/** The same, asked only of packets of which the fields say that they have such a header, or that their headers cannot all be read. */
export function headerTest(kind: HeaderKind, about: string, test: (facts: Facts, at: number) => boolean): Predicate {
  const bit = SEEN.get(kind.protocol) ?? 0;
  return all(not(bits("extheaders", bit, 0)), headerHolds(kind, about, test));
}

/**
 * The chain is cut before the header ends, on which these matches drop the packet. That is asked of the bytes only where the fields say that
 * the chain is cut somewhere, or that nearly nothing follows it.
 */
export function headerBroken(kind: HeaderKind): Predicate {
  const broken = opaque<undefined>({
    name: `${kind.name} broken`,
    about: "the chain of extension headers is cut",
    depends: "packet",
    start: () => undefined,
    step: (_, facts) => readHeader(facts, kind) === "broken",
  });
  return all(any(not(present("protocol")), among("l4length", [0, 3])), broken);
}
