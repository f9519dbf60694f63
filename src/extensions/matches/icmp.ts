import { icmpGrammar, listIcmp, lowerIcmp, type IcmpKind, type IcmpTest } from "../icmp-test.ts";
import type { MatchType } from "../../xtables/index.ts";

const KIND: IcmpKind = { family: 4, option: "icmp-type", title: "ICMP", listed: "icmp" };

/** `-m icmp`: type and code of ICMP. Kernel: xt_tcpudp.c, icmp_match. Type 255 stands for any. */
export const icmp: MatchType<IcmpTest> = {
  name: "icmp",
  help: "Match type and code of ICMP.",
  families: [4],
  protocols: [1],
  options: icmpGrammar(KIND),
  lower: (test, { family }) => lowerIcmp(test, family),
  list: (test, listing) => listIcmp(test, listing, KIND),
};
