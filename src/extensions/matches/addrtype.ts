import { all, among, any, invertIf, type Family, type Field, type Predicate } from "../../predicate/index.ts";
import {
  printBits,
  finallyChecked,
  UsageError,
  wordBits,
  type MatchType,
  type Parsed,
  type Value,
  type Word,
} from "../../xtables/index.ts";
import { MULTICAST6, UNICAST6, UNSPECIFIED6 } from "../ipv6-classes.ts";

type Limit = "in" | "out" | undefined;

/** Kernel: struct xt_addrtype_info_v1. */
interface Addrtype {
  readonly source: Parsed<number> | undefined;
  readonly destination: Parsed<number> | undefined;
  /** Ask the routing table of one interface only. */
  readonly limit: Limit;
}

/** The n-th name has the bit n, and n is the routing type (RTN_*). */
const TYPES = [
  "UNSPEC",
  "UNICAST",
  "LOCAL",
  "BROADCAST",
  "ANYCAST",
  "MULTICAST",
  "BLACKHOLE",
  "UNREACHABLE",
  "PROHIBIT",
  "THROW",
  "NAT",
  "XRESOLVE",
] as const;
const WORDS: readonly Word<number>[] = TYPES.map((name, type) => [name, 1 << type]);
const bit = (name: (typeof TYPES)[number]): number => 1 << TYPES.indexOf(name);
const rtn = (name: (typeof TYPES)[number]): number => TYPES.indexOf(name);

const typeList: Value<number> = {
  shape: "type[,type...]",
  words: TYPES,
  parse: text =>
    wordBits(text, WORDS, (rest, last) => new UsageError(last ? `addrtype: bad type "${rest}"` : `addrtype: bad type \`${rest}'`)),
  print: mask => printBits(mask, WORDS),
};

const spec = {
  "src-type": { value: typeList, invert: true, help: "The source address is of one of these types." },
  "dst-type": { value: typeList, invert: true, help: "The destination address is of one of these types." },
  "limit-iface-in": { excludes: ["limit-iface-out"], help: "Only addresses of the incoming interface count." },
  "limit-iface-out": { excludes: ["limit-iface-in"], help: "Only addresses of the outgoing interface count." },
} as const;

const FIELDS = {
  saddr: { any: "saddrtype", in: "saddrtypeIn", out: "saddrtypeOut" },
  daddr: { any: "daddrtype", in: "daddrtypeIn", out: "daddrtypeOut" },
} as const;

/** One of the types, as routing has it. Kernel: xt_addrtype.c, match_type. */
function lowerTypes(field: Field, mask: number): Predicate {
  return among(
    field,
    ...TYPES.map((_, type) => type)
      .filter(type => (mask & (1 << type)) !== 0)
      .map(type => [type, type] as const),
  );
}

/**
 * In IPv6 multicast, unicast and unspecified must *each* hold, by the look of the address, and besides one of those that routing knows.
 * Kernel: xt_addrtype.c, match_type6.
 */
function lowerTypes6(address: "saddr" | "daddr", field: Field, mask: number): Predicate {
  const parts: Predicate[] = [];
  if (mask & bit("MULTICAST")) parts.push(among(address, MULTICAST6));
  if (mask & bit("UNICAST")) parts.push(among(address, ...UNICAST6));
  if (mask & bit("UNSPEC")) parts.push(among(address, UNSPECIFIED6));
  const routed: Predicate[] = [];
  for (const name of ["LOCAL", "ANYCAST"] as const) if (mask & bit(name)) routed.push(among(field, [rtn(name), rtn(name)]));
  // Whatever the reason that there is no route: a blackhole and a prohibition too.
  if (mask & bit("UNREACHABLE")) routed.push(among(field, [rtn("BLACKHOLE"), rtn("THROW")]));
  return all(...parts, ...(routed.length ? [any(...routed)] : []));
}

/** `-m addrtype`: what routing takes an address for. Kernel: xt_addrtype.c, addrtype_mt_v1. */
export const addrtype: MatchType<Addrtype> = {
  name: "addrtype",
  help: "Match the routing type of source and destination address.",
  options: {
    ...finallyChecked(spec, (found): Addrtype => {
      if (!found["src-type"] && !found["dst-type"]) throw new UsageError("addrtype: you must specify --src-type or --dst-type");
      const limit = found["limit-iface-in"] ? "in" : found["limit-iface-out"] ? "out" : undefined;
      return { source: found["src-type"], destination: found["dst-type"], limit };
    }),
    save({ source, destination, limit }, family) {
      const parts: string[] = [];
      if (source) parts.push(`${source.invert ? "! " : ""}--src-type ${typeList.print(source.value, family)}`);
      if (destination) parts.push(`${destination.invert ? "! " : ""}--dst-type ${typeList.print(destination.value, family)}`);
      if (limit) parts.push(`--limit-iface-${limit}`);
      return parts.join(" ");
    },
  },
  check({ source, destination, limit }, { family, hooks }) {
    if (limit === "out" && (hooks.has("PREROUTING") || hooks.has("INPUT")))
      return "addrtype match: output interface limitation not valid in PREROUTING and INPUT";
    if (limit === "in" && (hooks.has("POSTROUTING") || hooks.has("OUTPUT")))
      return "addrtype match: input interface limitation not valid in POSTROUTING and OUTPUT";
    if (family === 4) return undefined;
    const mask = (source?.value ?? 0) | (destination?.value ?? 0);
    if (mask & bit("BLACKHOLE")) return "addrtype match: ipv6 BLACKHOLE matching not supported";
    if (mask >= bit("PROHIBIT")) return "addrtype match: ipv6 PROHIBIT (THROW, NAT ..) matching not supported";
    return mask & bit("BROADCAST") ? "addrtype match: ipv6 does not support BROADCAST matching" : undefined;
  },
  lower({ source, destination, limit }, { family }) {
    const lowerSide = (address: "saddr" | "daddr", parsed: Parsed<number> | undefined): Predicate[] =>
      parsed ? [invertIf(parsed.invert, lowerFor(family, address, FIELDS[address][limit ?? "any"], parsed.value))] : [];
    return { predicate: all(...lowerSide("saddr", source), ...lowerSide("daddr", destination)) };
  },
  list({ source, destination, limit }, _, family) {
    const parts = ["ADDRTYPE match"];
    if (source) parts.push(`src-type ${source.invert ? "!" : ""}${typeList.print(source.value, family)}`);
    if (destination) parts.push(`dst-type ${destination.invert ? "!" : ""}${typeList.print(destination.value, family)}`);
    if (limit) parts.push(`limit-${limit}`);
    return parts.join(" ");
  },
};

function lowerFor(family: Family, address: "saddr" | "daddr", field: Field, mask: number): Predicate {
  return family === 4 ? lowerTypes(field, mask) : lowerTypes6(address, field, mask);
}
