import { IPV4_MAX, IPV6_MAX, mask4, mask6, maskLength, parseC, parseIpv6, printAddress } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";
import { scanUnsigned, someOf, UsageError, type ReadContext, type TargetType, type Value } from "../../xtables/index.ts";

/** The bits of the mask come from the network, the others from the packet. The mask has no holes. */
interface Network {
  readonly network: Scalar;
  readonly mask: Scalar;
}

/** One to four numbers, the last of which fills all remaining bytes, as inet_aton reads them. */
function parseAton(text: string): number | undefined {
  if (text.length > 64 || !/^\d/.test(text)) return undefined;
  const parts = text.split(".").map(part => (/^\d/.test(part) ? parseC(part) : undefined));
  const last = parts.at(-1);
  if (parts.length > 4 || last === undefined || last > 256 ** (5 - parts.length) - 1) return undefined;
  let address = last;
  for (const [i, part] of parts.slice(0, -1).entries()) {
    if (part === undefined || part > 255) return undefined;
    address += part * 256 ** (3 - i);
  }
  return address;
}

function parseHost(text: string, family: Family): Scalar {
  // The one name that needs no resolver.
  if (text === "localhost") return family === 4 ? 0x7f000001 : 1n;
  const address = family === 4 ? parseAton(text) : parseIpv6(text.includes("%") ? text.slice(0, text.indexOf("%")) : text);
  if (address !== undefined) return address;
  const other = family === 4 ? parseIpv6(text) : parseAton(text);
  if (other !== undefined) throw new UsageError("getaddrinfo: Address family for hostname not supported");
  throw new UsageError("getaddrinfo: Name or service not known");
}

/** A length, or a mask as an address; one with holes is taken for a single host. libxtables: xtopt_parse_plenmask. */
function parseMask(text: string, family: Family, { extension, option }: ReadContext): Scalar {
  const bits = family === 4 ? 32 : 128;
  const length = scanUnsigned(text, 0, bits);
  const mask = family === 4 ? parseAton(text) : parseIpv6(text);
  const whole = length?.rest === "" ? length.value : mask === undefined ? undefined : (maskLength(mask) ?? bits);
  if (whole === undefined)
    throw new UsageError(`${extension}: bad value for option "--${option}", neither a valid network mask nor valid CIDR (0-${bits}).`);
  return family === 4 ? mask4(whole) : mask6(whole);
}

const networkValue: Value<Network> = {
  shape: "address[/mask]",
  parse(text, context) {
    const { family } = context;
    const slash = text.indexOf("/");
    const host = parseHost(slash < 0 ? text : text.slice(0, slash), family);
    const mask = slash < 0 ? (family === 4 ? IPV4_MAX : IPV6_MAX) : parseMask(text.slice(slash + 1), family, context);
    if (typeof host === "number") return { network: (host & Number(mask)) >>> 0, mask };
    return { network: host & BigInt(mask), mask };
  },
  print,
};

function print({ network, mask }: Network): string {
  return `${printAddress(network)}/${maskLength(mask)}`;
}

const grammar = someOf({ to: { value: networkValue, required: true, help: "Network that takes the place of the packet's." } });

/** `-j NETMAP`: maps a whole network to another, host by host: the destination on the way in, the source on the way out. Kernel: xt_NETMAP.c. */
export const NETMAP: TargetType<Network> = {
  name: "NETMAP",
  help: "Map a whole network to another, host by host.",
  tables: ["nat"],
  hooks: ["PREROUTING", "POSTROUTING", "OUTPUT", "INPUT"],
  needs: () => ["conntrack", "nat"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context).to;
      return found ? found.value : { network: 0, mask: 0 };
    },
    save: info => `--to ${print(info)}`,
  },
  lower: ({ network, mask }) => ({
    do: "nat",
    // Where a rule stands is not known yet: for a netmap the hook decides.
    manip: "destination",
    address: { from: "netmap", network, mask },
    random: false,
    randomFully: false,
    persistent: false,
  }),
  list: info => `to:${print(info)}`,
};
