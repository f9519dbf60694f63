import { parseC, protocolNumber } from "../packet/index.ts";
import { UsageError, type Value } from "../xtables/index.ts";

/** Second names in the protocols database that are not just the first one in capitals. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["IP-ENCAP", "ipencap"],
  ["IPSEC-ESP", "esp"],
  ["IPSEC-AH", "ah"],
  ["OSPFIGP", "ospf"],
  ...[
    "IPv6",
    "IPv6-Route",
    "IPv6-Frag",
    "IPv6-ICMP",
    "IPv6-NoNxt",
    "IPv6-Opts",
    "Mobility-Header",
    "UDPLite",
    "MPLS-in-IP",
    "Shim6",
    "Ethernet",
  ].map(alias => [alias, alias.toLowerCase()] as const),
]);
/** Names that are not known in capitals: those, and iptables' own. */
const SMALL: ReadonlySet<string> = new Set([...ALIASES.values(), "manet", "all", "icmpv6", "mh", "ipv6-mh"]);

/** A protocol's number, or its name. libxtables: xtopt_parse_protocol. The kernel keeps eight bits, so that mptcp (262) becomes tcp. */
export const protocolValue: Value<number> = {
  shape: "protocol",
  parse(text) {
    const number = parseC(text);
    const known = number !== undefined && number <= 255 ? number : named(text);
    if (known === undefined) throw new UsageError(`unknown protocol "${text}" specified`);
    return known & 0xff;
  },
  print: String,
};

/** Unlike -p, which takes any case. */
function named(text: string): number | undefined {
  const alias = ALIASES.get(text);
  if (alias !== undefined) return protocolNumber(alias);
  const small = text.toLowerCase();
  const capitals = text === text.toUpperCase() && !SMALL.has(small);
  return text === small || capitals ? protocolNumber(text) : undefined;
}
