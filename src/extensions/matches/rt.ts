import { PROTOCOL, parseIpv6, printAddress } from "../../packet/index.ts";
import { bounded, someOf, UsageError, type Given, type MatchType, type Value } from "../../xtables/index.ts";
import { headerLength, lengthTest, listLength, saveLength } from "../header-length.ts";
import { headerBroken, headerTest, type HeaderKind } from "../ipv6-header.ts";
import { routingHolds, type RoutingTest } from "../routing-addresses.ts";
import { listSpi, saveSpi, spiRange, spiTest } from "../spi-range.ts";

const HEADER: HeaderKind = { name: "rt", protocol: PROTOCOL.ROUTING, needed: 4, whole: true };
/** Kernel: IP6T_RT_HOPS. */
const MOST_ADDRESSES = 16;

const addressList: Value<readonly bigint[]> = {
  shape: "address[,address]",
  parse(text) {
    const words = text.split(",", MOST_ADDRESSES + 1);
    const addresses = words.slice(0, MOST_ADDRESSES).map(word => {
      const address = parseIpv6(word);
      if (address === undefined) throw new UsageError(`bad address: ${word}`);
      return address;
    });
    if (words.length > MOST_ADDRESSES) throw new UsageError("too many addresses specified");
    return addresses;
  },
  print: addresses => addresses.map(printAddress).join(","),
};

const grammar = someOf({
  "rt-type": { value: bounded(0, 0xffffffff), invert: true, help: "Type of the header." },
  "rt-segsleft": { value: spiRange, invert: true, help: "Segments left, or a range of them." },
  "rt-len": { value: headerLength, invert: true, help: "Bytes of the whole header." },
  "rt-0-res": { help: "The reserved field of type 0 is zero." },
  "rt-0-addrs": { value: addressList, help: "The addresses of type 0, all of them and in this order." },
  "rt-0-not-strict": { help: "The header may have other addresses among them." },
});

type Found = ReturnType<typeof grammar.parse>;

/** What an option wants to stand before it, in iptables' words. libip6t_rt.c, rt_parse. */
function missingBefore(option: string, before: Found): string | undefined {
  const type = before["rt-type"];
  if ((option === "rt-0-res" || option === "rt-0-addrs") && (type?.value !== 0 || type.invert))
    return `\`--rt-type 0' required before \`--${option}'`;
  if (option === "rt-0-not-strict" && !before["rt-0-addrs"]) return "`--rt-0-addr ...' required before `--rt-0-not-strict'";
  return undefined;
}

/** Reads the options one after another, so that each sees those before it. */
function parseInOrder(given: readonly Given[], context: Parameters<typeof grammar.parse>[1]): Found {
  for (const [i, { option, invert, span }] of given.entries()) {
    if (!option.startsWith("rt-0-") || invert) continue;
    const sentence = missingBefore(option, grammar.parse(given.slice(0, i), context));
    if (sentence !== undefined) throw new UsageError(sentence, { span });
  }
  return grammar.parse(given, context);
}

/** `-m rt`: the routing header of IPv6. Kernel: ip6t_rt.c, rt_mt6. A packet whose headers are cut is dropped. */
export const rt: MatchType<RoutingTest> = {
  name: "rt",
  help: "Match the routing header of IPv6.",
  families: [6],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = parseInOrder(given, context);
      return {
        type: found["rt-type"],
        segmentsLeft: spiTest(found["rt-segsleft"]),
        length: lengthTest(found["rt-len"]),
        reserved: found["rt-0-res"] !== undefined,
        addresses: found["rt-0-addrs"]?.value,
        notStrict: found["rt-0-not-strict"] !== undefined,
      };
    },
    save({ type, segmentsLeft, length, reserved, addresses, notStrict }) {
      const parts: string[] = type ? [`${type.invert ? "! " : ""}--rt-type ${type.value}`] : [];
      parts.push(...saveSpi("rt-segsleft", segmentsLeft), ...saveLength("rt-len", length));
      if (reserved) parts.push("--rt-0-res");
      if (addresses) parts.push(`--rt-0-addrs ${addressList.print(addresses, 6)}`);
      if (notStrict) parts.push("--rt-0-not-strict");
      return parts.join(" ");
    },
  },
  lower: test => ({
    predicate: headerTest(HEADER, show(test), (facts, at) => routingHolds(test, facts, at)),
    hotdrop: headerBroken(HEADER),
  }),
  list: show,
};

function show({ type, segmentsLeft, length, reserved, addresses, notStrict }: RoutingTest): string {
  const parts = ["rt", type ? `type:${type.invert ? "!" : ""}${type.value}` : "", listSpi("segsleft", segmentsLeft), listLength(length)];
  if (reserved) parts.push("reserved");
  if (addresses) parts.push(`0-addrs ${addressList.print(addresses, 6)}`);
  if (notStrict) parts.push("0-not-strict");
  return parts.filter(Boolean).join(" ");
}
