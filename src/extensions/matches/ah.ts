import { PROTOCOL, u16, u8 } from "../../packet/index.ts";
import { all, among, firstFragment, present } from "../../predicate/index.ts";
import { someOf, type MatchType } from "../../xtables/index.ts";
import { headerLength, lengthTest, listLength, saveLength, type LengthTest } from "../header-length.ts";
import { headerBroken, headerHolds, type HeaderKind } from "../ipv6-header.ts";
import { listSpi, lowerSpi, saveSpi, spiRange, spiTest, type SpiTest } from "../spi-range.ts";

/** Kernel: struct ip6t_ah. */
interface Ah {
  readonly spi: SpiTest;
  readonly length: LengthTest | undefined;
  readonly reserved: boolean;
}

/** The header without its authentication data. Kernel: struct ip_auth_hdr. */
const HEADER: HeaderKind = { name: "ah", protocol: PROTOCOL.AH, needed: 12, whole: true };
const HELP = "Match the authentication header of IPsec.";

const ahspi = { value: spiRange, invert: true, help: "Security parameters index, or a range of them." } as const;
const grammar4 = someOf({ ahspi });
const grammar6 = someOf({
  ahspi,
  ahlen: { value: headerLength, invert: true, help: "Bytes of the whole header." },
  ahres: { help: "The reserved field is zero." },
});

/** `-m ah` in IPv4: the index of the authentication header. Kernel: ipt_ah.c, ah_mt. A cut header is dropped; a later fragment does not match. */
export const ah: MatchType<SpiTest> = {
  name: "ah",
  help: HELP,
  families: [4],
  protocols: [PROTOCOL.AH],
  options: {
    options: grammar4.options,
    parse: (given, context) => spiTest(grammar4.parse(given, context).ahspi),
    save: spi => saveSpi("ahspi", spi).join(" "),
  },
  lower: spi => ({
    predicate: all(firstFragment, lowerSpi("ahspi", spi)),
    hotdrop: all(firstFragment, among("l4length", [0, HEADER.needed - 1])),
  }),
  list: spi => `ah ${listSpi("spi", spi)}`,
};

/**
 * `-m ah` in IPv6, where the header stands among the extension headers and any -p will do. Kernel: ip6t_ah.c, ah_mt6. A length of 0 is
 * not compared, inverted or not; a packet whose headers are cut is dropped.
 */
export const ah6: MatchType<Ah> = {
  name: "ah",
  help: HELP,
  families: [6],
  options: {
    options: grammar6.options,
    parse(given, context) {
      const found = grammar6.parse(given, context);
      return { spi: spiTest(found.ahspi), length: lengthTest(found.ahlen), reserved: found.ahres !== undefined };
    },
    save: ({ spi, length, reserved }) =>
      [...saveSpi("ahspi", spi), ...saveLength("ahlen", shownLength(length)), ...(reserved ? ["--ahres"] : [])].join(" "),
  },
  lower(info) {
    const { spi, length, reserved } = info;
    const parts = [present("ahspi"), lowerSpi("ahspi", spi)];
    if (length?.value || reserved)
      parts.push(
        headerHolds(HEADER, show(info), ({ bytes }, at) => {
          const bytesLong = (u8(bytes, at + 1) + 2) * 4;
          return (!length?.value || (length.value === bytesLong) !== length.invert) && (!reserved || u16(bytes, at + 2) === 0);
        }),
      );
    return { predicate: all(...parts), hotdrop: headerBroken(HEADER) };
  },
  list: show,
};

function show({ spi, length, reserved }: Ah): string {
  return `ah ${listSpi("spi", spi)}${listLength(shownLength(length))}${reserved ? " reserved" : ""}`;
}

/** iptables shows no length 0 that is not inverted. */
const shownLength = (length: LengthTest | undefined): LengthTest | undefined => (length?.value || length?.invert ? length : undefined);
