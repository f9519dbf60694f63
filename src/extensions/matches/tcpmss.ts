import { Tcp } from "../../packet/index.ts";
import { all, among, any, firstFragment, invertIf, not, opaque, present, type Opaque, type Predicate } from "../../predicate/index.ts";
import { integerRange, printRange, someOf, UsageError, type IntegerRange, type MatchType, type Value } from "../../xtables/index.ts";

interface Tcpmss {
  readonly range: IntegerRange;
  readonly invert: boolean;
}

const TCP = 6;

const anyRange = integerRange(0xffff);
const upwards: Value<IntegerRange> = {
  ...anyRange,
  parse(text, context) {
    const range = anyRange.parse(text, context);
    if (range[0] > range[1]) throw new UsageError("tcpmss: invalid range given");
    return range;
  },
};
const grammar = someOf({
  mss: { value: upwards, invert: true, required: true, help: "The maximum segment size that the packet announces." },
});

/**
 * A later fragment's first bytes read as a TCP header, which is what the kernel does: it looks at no fragment offset here. In IPv6 it
 * even reads the packet's own first bytes, because ipv6_find_hdr leaves the offset at 0. `broken` is a header or options that do not fit.
 */
function lowerFragment(question: "holds" | "broken", { range: [low, high], invert }: Tcpmss): Predicate {
  const step: Opaque<undefined> = {
    name: question === "holds" ? "tcpmss in a later fragment" : "tcpmss broken in a later fragment",
    about: "bytes of a later fragment taken for a TCP header",
    depends: "packet",
    start: () => undefined,
    step(_, { family, bytes, l4, end }) {
      const header = Tcp.at(bytes, family === 4 ? l4 : 0, end);
      if (!header?.optionsWhole) return question === "broken";
      if (question === "broken") return false;
      const mss = header.mss;
      return mss === undefined ? invert : (low <= mss && mss <= high) !== invert;
    },
  };
  return opaque(step);
}

/**
 * `-m tcpmss`: the MSS option of TCP, in any packet that has it; one without matches an inverted test. Kernel: xt_tcpmss.c, tcpmss_mt.
 * A header or options that are cut or malformed drop the packet at once.
 */
export const tcpmss: MatchType<Tcpmss> = {
  name: "tcpmss",
  help: "Match the maximum segment size that a TCP packet announces.",
  protocols: [TCP],
  options: {
    options: grammar.options,
    parse(given, context) {
      const { mss } = grammar.parse(given, context);
      return { range: mss?.value ?? [0, 0], invert: mss?.invert ?? false };
    },
    save: ({ range, invert }) => `${invert ? "! " : ""}--mss ${printRange(range)}`,
  },
  lower: info => ({
    predicate: any(
      all(firstFragment, invertIf(info.invert, among("mss", info.range))),
      all(not(firstFragment), lowerFragment("holds", info)),
    ),
    hotdrop: any(all(firstFragment, not(present("tcpoptions"))), all(not(firstFragment), lowerFragment("broken", info))),
  }),
  list: ({ range, invert }) => `tcpmss match ${invert ? "!" : ""}${printRange(range)}`,
};
