import { printMac } from "../../packet/index.ts";
import { all, equal, not, present } from "../../predicate/index.ts";
import { macAddress, someOf, type MatchType } from "../../xtables/index.ts";

interface Mac {
  readonly address: number;
  readonly invert: boolean;
}

const grammar = someOf({ "mac-source": { value: macAddress, invert: true, required: true, help: "Source hardware address." } });

/** `-m mac`: the source hardware address; a packet that came over no Ethernet-like link does not match, inverted or not. Kernel: xt_mac.c, mac_mt. */
export const mac: MatchType<Mac> = {
  name: "mac",
  help: "Match the source hardware address.",
  hooks: ["PREROUTING", "INPUT", "FORWARD"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const parsed = grammar.parse(given, context)["mac-source"];
      return { address: parsed?.value ?? 0, invert: parsed?.invert ?? false };
    },
    save: ({ address, invert }) => `${invert ? "! " : ""}--mac-source ${printMac(address)}`,
  },
  lower: ({ address, invert }) => ({ predicate: invert ? all(present("mac"), not(equal("mac", address))) : equal("mac", address) }),
  list: ({ address, invert }) => `MAC ${invert ? "! " : ""}${printMac(address)}`,
};
