import { icmpGrammar, listIcmp, lowerIcmp, type IcmpKind, type IcmpTest } from "../icmp-test.ts";
import type { MatchType } from "../../xtables/index.ts";

const KIND: IcmpKind = { family: 6, option: "icmpv6-type", title: "ICMPv6", listed: "ipv6-icmp" };

/** `-m icmp6`: type and code of ICMPv6. Kernel: xt_tcpudp.c, icmp6_match. */
export const icmp6: MatchType<IcmpTest> = {
  name: "icmp6",
  help: "Match type and code of ICMPv6.",
  aliases: ["icmpv6", "ipv6-icmp"],
  families: [6],
  protocols: [58],
  options: icmpGrammar(KIND),
  lower: (test, { family }) => lowerIcmp(test, family),
  list: (test, listing) => listIcmp(test, listing, KIND),
};
