import { parseC, parseIpv6, printAddress } from "../../packet/index.ts";
import { all, among, invertIf, type Family, type Predicate, type Scalar } from "../../predicate/index.ts";
import { badValue, someOf, UsageError, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";

/** An inclusive address range; one from high to low holds nothing. */
interface AddressRange {
  readonly low: Scalar;
  readonly high: Scalar;
}

/** Kernel: struct xt_iprange_mtinfo. */
interface Iprange {
  readonly source: Parsed<AddressRange> | undefined;
  readonly destination: Parsed<AddressRange> | undefined;
}

/** One to four bytes, the missing ones zero at the end; or an IPv6 address. libxtables: xtables_numeric_to_ipaddr, xtables_numeric_to_ip6addr. */
function parseEnd(text: string, family: Family): Scalar | undefined {
  if (family === 6) return parseIpv6(text);
  if (text.length > 64) return undefined;
  const bytes = text.split(".").map(parseC);
  if (bytes.length > 4 || bytes.some(byte => byte === undefined || byte > 255)) return undefined;
  return [0, 1, 2, 3].reduce((sum, i) => sum * 256 + (bytes[i] ?? 0), 0);
}

const addressRange: Value<AddressRange> = {
  shape: "address[-address]",
  parse(text, context) {
    const dash = text.indexOf("-");
    const ends = dash < 0 ? [text, text] : [text.slice(0, dash), text.slice(dash + 1)];
    const [low, high] = ends.map(end => {
      const address = parseEnd(end, context.family);
      if (address === undefined) throw badValue(end, context);
      return address;
    });
    if (low === undefined || high === undefined) throw badValue(text, context);
    if (low > high) context.warn(`xt_iprange: range ${text} is reversed and will never match`);
    return { low, high };
  },
  print: ({ low, high }) => `${printAddress(low)}-${printAddress(high)}`,
};

const grammar = someOf({
  "src-range": { value: addressRange, invert: true, help: "The source address is in the range." },
  "dst-range": { value: addressRange, invert: true, help: "The destination address is in the range." },
});

const lowerRange = (field: "saddr" | "daddr", parsed: Parsed<AddressRange> | undefined): Predicate[] =>
  parsed ? [invertIf(parsed.invert, among(field, [parsed.value.low, parsed.value.high]))] : [];

/** `-m iprange`: source and destination address in a range. Kernel: xt_iprange.c, iprange_mt4 and iprange_mt6. */
export const iprange: MatchType<Iprange> = {
  name: "iprange",
  help: "Match source or destination address by a range.",
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      if (!found["src-range"] && !found["dst-range"])
        throw new UsageError("iprange match: You must specify `--src-range' or `--dst-range'");
      return { source: found["src-range"], destination: found["dst-range"] };
    },
    save: ({ source, destination }, family) =>
      [
        ...show(source, family, (not, range) => `${not}--src-range ${range}`),
        ...show(destination, family, (not, range) => `${not}--dst-range ${range}`),
      ].join(" "),
  },
  lower: ({ source, destination }) => ({ predicate: all(...lowerRange("saddr", source), ...lowerRange("daddr", destination)) }),
  list: ({ source, destination }, _, family) =>
    [
      ...show(source, family, (not, range) => `source IP range ${not}${range}`),
      ...show(destination, family, (not, range) => `destination IP range ${not}${range}`),
    ].join(" "),
};

/** The text of a side, if the rule asks for it. */
function show(parsed: Parsed<AddressRange> | undefined, family: Family, text: (not: string, range: string) => string): readonly string[] {
  return parsed ? [text(parsed.invert ? "! " : "", addressRange.print(parsed.value, family))] : [];
}
