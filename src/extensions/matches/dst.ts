import { PROTOCOL } from "../../packet/index.ts";
import { someOf, type MatchType } from "../../xtables/index.ts";
import { headerLength, lengthTest } from "../header-length.ts";
import { listOptions, lowerOptions, optionList, saveOptions, type OptionsTest } from "../header-options.ts";
import type { HeaderKind } from "../ipv6-header.ts";

const HEADER: HeaderKind = { name: "dst", protocol: PROTOCOL.DSTOPTS, needed: 2, whole: true };

const grammar = someOf({
  "dst-len": { value: headerLength, invert: true, help: "Bytes of the whole header." },
  "dst-opts": { value: optionList, help: "Its options in order from the first on, each with its length where one is given." },
});

/** `-m dst`: the destination options header of IPv6. Kernel: ip6t_hbh.c, hbh_mt6. */
export const dst: MatchType<OptionsTest> = {
  name: "dst",
  help: "Match the destination options of IPv6.",
  families: [6],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      return { length: lengthTest(found["dst-len"]), options: found["dst-opts"]?.value };
    },
    save: test => saveOptions("dst", test),
  },
  lower: test => lowerOptions(HEADER, test),
  list: test => listOptions("dst", test),
};
