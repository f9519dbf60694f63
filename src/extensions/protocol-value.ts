import { parseC, protocolNumber } from "../packet/index.ts";
import { UsageError, type Value } from "../xtables/index.ts";

/** A protocol's number, or its name. libxtables: xtopt_parse_protocol. The kernel keeps eight bits, so that mptcp (262) becomes tcp. */
export const protocolValue: Value<number> = {
  shape: "protocol",
  parse(text) {
    const number = parseC(text);
    const known = number !== undefined && number <= 255 ? number : protocolNumber(text);
    if (known === undefined) throw new UsageError(`unknown protocol "${text}" specified`);
    return known & 0xff;
  },
  print: String,
};
