import { all, among, firstFragment } from "../../predicate/index.ts";
import { someOf, type MatchType } from "../../xtables/index.ts";
import { listSpi, lowerSpi, saveSpi, spiRange, spiTest, type SpiTest } from "../spi-range.ts";

/** Kernel: struct xt_ipcomp. */
interface Ipcomp {
  readonly index: SpiTest;
  /** iptables keeps it, the kernel never looks. */
  readonly reserved: boolean;
}

const IPCOMP = 108;
/** Next header, flags and index. Kernel: struct ip_comp_hdr. */
const HEADER = 4;
/** Where no index is asked for, iptables asks for 0. */
const ZERO: SpiTest = { range: [0, 0], invert: false };

const grammar = someOf({
  ipcompspi: { value: spiRange, invert: true, help: "Compression parameter index, or a range of them." },
  compres: { help: "The flags are zero; the kernel does not ask." },
});

/** `-m ipcomp`: the index of the IP compression header. Kernel: xt_ipcomp.c, comp_mt. A cut header is dropped; a later fragment does not match. */
export const ipcomp: MatchType<Ipcomp> = {
  name: "ipcomp",
  help: "Match the IP payload compression header.",
  protocols: [IPCOMP],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return { index: spiTest(found.ipcompspi, ZERO), reserved: found.compres !== undefined };
    },
    save: ({ index, reserved }) => [...saveSpi("ipcompspi", index), ...(reserved ? ["--compres"] : [])].join(" "),
  },
  lower: ({ index }) => ({
    predicate: all(firstFragment, lowerSpi("ipcompcpi", index)),
    hotdrop: all(firstFragment, among("l4length", [0, HEADER - 1])),
  }),
  list: ({ index, reserved }) => `comp ${listSpi("spi", index)}${reserved ? " reserved" : ""}`,
};
