import { PROTOCOL, u16, u8 } from "../../packet/index.ts";
import { all, any, equal, firstFragment, not, present, type Facts, type Predicate } from "../../predicate/index.ts";
import { someOf, type MatchType } from "../../xtables/index.ts";
import { headerLength, lengthTest, listLength, saveLength, type LengthTest } from "../header-length.ts";
import { findHeader, headerBroken, headerHolds, type HeaderKind } from "../ipv6-header.ts";
import { listSpi, lowerSpi, saveSpi, spiRange, spiTest, type SpiTest } from "../spi-range.ts";

/** Kernel: struct ip6t_frag. */
interface Frag {
  readonly id: SpiTest;
  /** iptables keeps it, the kernel never looks. */
  readonly length: LengthTest | undefined;
  readonly reserved: boolean;
  readonly first: boolean;
  readonly more: boolean;
  readonly last: boolean;
}

const HEADER: HeaderKind = { name: "frag", protocol: PROTOCOL.FRAGMENT, needed: 8, whole: false };
/** The two bits between offset and flag. */
const RESERVED_BITS = 6;
/** The offset stands above three other bits. */
const NEXT_OFFSET = 8;

/** Of two fragment headers the fields speak of the last, and the kernel looks at the first. */
const followed: Predicate = headerHolds(HEADER, "a second fragment header", (facts, at) => {
  const { bytes, end } = facts;
  return u16(bytes, at + 2) < NEXT_OFFSET && findHeader(bytes, end, PROTOCOL.FRAGMENT, at + HEADER.needed, u8(bytes, at)) !== "missing";
});

/** What is asked of the first fragment header's own offset and flag. */
function flagsHold({ first, more, last }: Frag): (facts: Facts, at: number) => boolean {
  return ({ bytes }, at) => {
    const word = u16(bytes, at + 2);
    const goesOn = (word & 1) !== 0;
    return !(first && word >= NEXT_OFFSET) && !(more && !goesOn) && !(last && goesOn);
  };
}

const grammar = someOf({
  fragid: { value: spiRange, invert: true, help: "Identification, or a range of them." },
  fraglen: { value: headerLength, invert: true, help: "Bytes of the header; the kernel does not ask." },
  fragres: { help: "The reserved byte and bits are zero." },
  fragfirst: { help: "The fragment is the first." },
  fragmore: { excludes: ["fraglast"], help: "More fragments follow." },
  fraglast: { excludes: ["fragmore"], help: "No more fragments follow." },
});

/** `-m frag`: the IPv6 fragment header. Kernel: ip6t_frag.c, frag_mt6. A packet whose headers are cut is dropped. */
export const frag: MatchType<Frag> = {
  name: "frag",
  help: "Match the fragment header of IPv6.",
  families: [6],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return {
        id: spiTest(found.fragid),
        length: lengthTest(found.fraglen),
        reserved: found.fragres !== undefined,
        first: found.fragfirst !== undefined,
        more: found.fragmore !== undefined,
        last: found.fraglast !== undefined,
      };
    },
    save: info =>
      [
        ...saveSpi("fragid", info.id),
        ...saveLength("fraglen", info.length),
        ...WORDS.filter(([key]) => info[key]).map(([, option]) => option),
      ].join(" "),
  },
  lower(info) {
    const { id, reserved, first, more, last } = info;
    const parts = [present("fragid"), lowerSpi("fragid", id)];
    if (reserved)
      parts.push(
        headerHolds(HEADER, "frag reserved", ({ bytes }, at) => u8(bytes, at + 1) === 0 && (u16(bytes, at + 2) & RESERVED_BITS) === 0),
      );
    const flags: Predicate[] = [];
    if (first) flags.push(firstFragment);
    if (more || last) flags.push(equal("morefrags", more ? 1 : 0));
    if (flags.length > 0) parts.push(any(all(not(followed), ...flags), all(followed, headerHolds(HEADER, "frag flags", flagsHold(info)))));
    return { predicate: all(...parts), hotdrop: headerBroken(HEADER) };
  },
  list(info) {
    const shown = [listLength(info.length), ...WORDS.filter(([key]) => info[key]).map(([, , word]) => word)].filter(Boolean);
    return [`frag ${listSpi("id", info.id)}`, ...shown].join(" ");
  },
};

const WORDS = [
  ["reserved", "--fragres", "reserved"],
  ["first", "--fragfirst", "first"],
  ["more", "--fragmore", "more"],
  ["last", "--fraglast", "last"],
] as const;
