import { protocolName, protocolNumber } from "../../packet/index.ts";
import { all, bits, equal, not, present, type Predicate } from "../../predicate/index.ts";
import { someOf, UsageError, type MatchType, type Value } from "../../xtables/index.ts";

/** Kernel: struct ip6t_ipv6header_info. */
interface Ipv6header {
  readonly headers: number;
  readonly invert: boolean;
  readonly soft: boolean;
}

/** Bit, name in saved text, and the other names: short, by number, and out of the protocols database. Kernel: ip6t_ipv6header.h. */
const HEADERS: readonly (readonly [bit: number, name: string, others: readonly string[]])[] = [
  [0x80, "hop-by-hop", ["hop", "0", "hopopt", "HOPOPT", "ip", "IP"]],
  [0x40, "ipv6-opts", ["dst", "60", "IPv6-Opts"]],
  [0x20, "ipv6-route", ["route", "43", "IPv6-Route"]],
  [0x10, "ipv6-frag", ["frag", "44", "IPv6-Frag"]],
  [0x08, "ah", ["auth", "51", "IPSEC-AH"]],
  [0x04, "esp", ["50", "IPSEC-ESP"]],
  [0x02, "ipv6-nonxt", ["none", "59", "IPv6-NoNxt"]],
  [0x01, "protocol", ["prot", "255"]],
];

/** libip6t_ipv6header.c, name_to_proto: a protocol that is no such header is named by its number. */
function readHeader(text: string): number {
  const known = HEADERS.find(([, name, others]) => name === text || others.includes(text));
  if (known) return known[0];
  // Most names stand in the database in capital letters, too; those of the headers do not.
  const number = protocolNumber(text);
  const listed = number === undefined ? undefined : protocolName(number);
  const isName = listed === text || (listed?.toUpperCase() === text && !HEADERS.some(([, name]) => name === listed));
  throw new UsageError(`unknown header \`${isName ? number : text}' specified`);
}

const headerList: Value<number> = {
  shape: "header[,header]",
  words: HEADERS.map(([, name]) => name),
  parse(text) {
    const words = text.split(",").filter(Boolean);
    if (words.length === 0) throw new UsageError("ip6t_ipv6header: cannot parse header names");
    return words.reduce((sum, word) => sum | readHeader(word), 0);
  },
  print: headers =>
    HEADERS.filter(([bit]) => (headers & bit) !== 0)
      .map(([, name]) => name)
      .join(","),
};

const grammar = someOf({
  header: { value: headerList, invert: true, required: true, help: "The packet has exactly these headers; by name or number." },
  soft: { help: "It has these and may have others; inverted, it has none of these." },
});

function lowerHeaders({ headers, invert, soft }: Ipv6header): Predicate {
  if (soft) return bits("extheaders", headers, invert ? 0 : headers);
  return invert ? all(present("extheaders"), not(equal("extheaders", headers))) : equal("extheaders", headers);
}

/** `-m ipv6header`: which extension headers a packet has. Kernel: ip6t_ipv6header.c, ipv6header_mt6. A cut chain does not match, inverted or not. */
export const ipv6header: MatchType<Ipv6header> = {
  name: "ipv6header",
  help: "Match the extension headers that an IPv6 packet has.",
  families: [6],
  options: {
    options: grammar.options,
    parse(given, context) {
      const { header, soft } = grammar.parse(given, context);
      return { headers: header?.value ?? 0, invert: header?.invert ?? false, soft: soft !== undefined };
    },
    save: ({ headers, invert, soft }) => `${invert ? "! " : ""}--header ${headerList.print(headers, 6)}${soft ? " --soft" : ""}`,
  },
  lower: info => ({ predicate: lowerHeaders(info) }),
  list({ headers, invert, soft }, { numeric }) {
    const shown = numeric ? `0x${headers.toString(16).toUpperCase().padStart(2, "0")}` : headerList.print(headers, 6);
    return `ipv6header flags:${invert ? "!" : ""}${shown}${soft ? " soft" : ""}`;
  },
};
