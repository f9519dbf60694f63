import { PROTOCOL } from "../../packet/index.ts";
import { all, among, firstFragment } from "../../predicate/index.ts";
import { someOf, type MatchType } from "../../xtables/index.ts";
import { listSpi, lowerSpi, saveSpi, spiRange, spiTest, type SpiTest } from "../spi-range.ts";

/** Index and sequence number. Kernel: struct ip_esp_hdr. */
const HEADER = 8;

const grammar = someOf({ espspi: { value: spiRange, invert: true, help: "Security parameters index, or a range of them." } });

/** `-m esp`: the index of the encapsulating payload of IPsec. Kernel: xt_esp.c, esp_mt. A cut header is dropped; a later fragment does not match. */
export const esp: MatchType<SpiTest> = {
  name: "esp",
  help: "Match the encapsulating security payload of IPsec.",
  protocols: [PROTOCOL.ESP],
  options: {
    options: grammar.options,
    parse: (given, context) => spiTest(grammar.parse(given, context).espspi),
    save: spi => saveSpi("espspi", spi).join(" "),
  },
  lower: spi => ({
    predicate: all(firstFragment, lowerSpi("espspi", spi)),
    hotdrop: all(firstFragment, among("l4length", [0, HEADER - 1])),
  }),
  list: spi => ["esp", listSpi("spi", spi)].filter(Boolean).join(" "),
};
