import { u8 } from "../../packet/index.ts";
import { equal, opaque, type Facts } from "../../predicate/index.ts";
import { noOptions, type MatchType } from "../../xtables/index.ts";

type None = ReturnType<(typeof noOptions)["parse"]>;

/** Kernel: PACKET_LOOPBACK. */
const LOOPED = 5;
/** The second half of the source address. */
const IDENTIFIER = 16;

/** The hardware address with `ff:fe` in its middle and the universal bit turned over. */
function isIdentifier({ value, bytes }: Facts): boolean {
  const mac = value("mac");
  if (typeof mac !== "number") return false;
  const byte = (i: number): number => Math.floor(mac / 2 ** (8 * (5 - i))) % 256;
  const identifier = [byte(0) ^ 2, byte(1), byte(2), 0xff, 0xfe, byte(3), byte(4), byte(5)];
  return identifier.every((each, i) => u8(bytes, IDENTIFIER + i) === each);
}

/**
 * `-m eui64`: the source address ends in the identifier that its hardware address gives. Kernel: ip6t_eui64.c, eui64_mt6. A packet that came
 * over a link without hardware addresses does not match.
 */
export const eui64: MatchType<None> = {
  name: "eui64",
  help: "Match a source address that is made from the hardware address.",
  families: [6],
  hooks: ["PREROUTING", "INPUT", "FORWARD"],
  options: noOptions,
  lower: () => ({
    predicate: opaque<undefined>({
      name: "eui64",
      about: "the source address is made from the hardware address",
      depends: "packet",
      start: () => undefined,
      step: (_, facts) => isIdentifier(facts),
    }),
    // A copy of a multicast for this machine itself has no link header to look at.
    hotdrop: equal("pkttype", LOOPED),
  }),
  listsGlued: true,
  // ip6tables-nft says nothing of it.
  list: (_info, { variant }) => (variant === "nft" ? "" : "eui64 "),
};
