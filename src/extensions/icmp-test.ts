import { findIcmpName, icmpNames } from "../packet/index.ts";
import { all, among, equal, firstFragment, invertIf, type Predicate } from "../predicate/index.ts";
import { scanUnsigned, someOf, UsageError, type Grammar, type Listing, type Lowered, type Value } from "../xtables/index.ts";

/** An ICMP or ICMPv6 type and the codes of it, the first not always below the second. Kernel: struct ipt_icmp, ip6t_icmp. */
export interface IcmpTest {
  readonly type: number;
  readonly codes: readonly [low: number, high: number];
  readonly invert: boolean;
}

/** What ICMP and ICMPv6 differ in. */
export interface IcmpKind {
  readonly family: 4 | 6;
  readonly option: string;
  /** `ICMP`, for messages. */
  readonly title: string;
  /** `icmp`, as a listing starts. */
  readonly listed: string;
}

type Reading = Omit<IcmpTest, "invert">;

const ANY_CODE = [0, 255] as const;
/** The type that means any of them, in IPv4 alone. */
const ANY_TYPE = 255;
/** Bytes of an ICMP header. */
const HEADER = 8;

/** A name, or `type[/code[:code]]`. libxt_icmp.h: xt_parse_icmp. Throws UsageError. */
function parseTest(text: string, { family, title }: IcmpKind): Reading {
  const [first, second] = findIcmpName(text, family);
  if (first && second) throw new UsageError(`Ambiguous ${title} type \`${text}': \`${first.name}' or \`${second.name}'?`);
  if (first) return { type: first.type, codes: first.codes };
  const type = scanSpan(text);
  if (!type) throw new UsageError(`Unknown ${title} type \`${text}'`);
  if (type.rest !== "" && !type.rest.startsWith("/")) throw new UsageError(`unknown character ${type.rest[0]}`);
  const codes = type.rest === "" ? { low: ANY_CODE[0], high: ANY_CODE[1], rest: "" } : scanSpan(type.rest.slice(1));
  if (!codes) throw new UsageError(`Unknown ${title} code \`${text}'`);
  if (codes.rest !== "") throw new UsageError(`unknown character ${codes.rest[0]}`);
  if (type.low !== type.high) throw new UsageError(`${title} type range not supported`);
  return { type: type.low, codes: [codes.low, codes.high] };
}

/** `low[:high]` in 8 bits and what follows. */
function scanSpan(text: string): { readonly low: number; readonly high: number; readonly rest: string } | undefined {
  const low = scanUnsigned(text, 0, 255);
  if (!low?.rest.startsWith(":")) return low && { low: low.value, high: low.value, rest: low.rest };
  const high = scanUnsigned(low.rest.slice(1), 0, 255);
  return high && { low: low.value, high: high.value, rest: high.rest };
}

const wholeType = ([low, high]: readonly [number, number]): boolean => low === ANY_CODE[0] && high === ANY_CODE[1];

/** `8/0`; of a range of codes only the first, as in iptables 1.8.9. */
function printTest({ type, codes }: Reading, family: 4 | 6): string {
  if (family === 4 && type === ANY_TYPE) return "any";
  return wholeType(codes) ? `${type}` : `${type}/${codes[0]}`;
}

/** The options of icmp or icmp6: one that must be there. */
export function icmpGrammar(kind: IcmpKind): Grammar<IcmpTest> {
  const value: Value<Reading> = {
    shape: "type[/code]|typename",
    words: icmpNames(kind.family).map(({ name }) => name),
    parse(text, { extension, warn }) {
      const test = parseTest(text, kind);
      if (!wholeType(test.codes) && test.codes[0] !== test.codes[1])
        warn(`${extension}: of the codes ${test.codes.join(" to ")} only the first is there when the rule is saved`);
      return test;
    },
    print: printTest,
  };
  const grammar = someOf({
    [kind.option]: { value, invert: true, required: true, help: "The type, by name or number, with a code if one is given." },
  });
  return {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context)[kind.option];
      return { type: found?.value.type ?? ANY_TYPE, codes: found?.value.codes ?? ANY_CODE, invert: found?.invert ?? false };
    },
    save: (test, family) => `${test.invert ? "! " : ""}--${kind.option} ${printTest(test, family)}`,
  };
}

/** Kernel: xt_tcpudp.c, icmp_match and icmp6_match. A later fragment does not match, inverted or not; a cut header is dropped at once. */
export function lowerIcmp({ type, codes, invert }: IcmpTest, family: 4 | 6): Lowered {
  const isType: Predicate[] = [equal("icmptype", type), ...(wholeType(codes) ? [] : [among("icmpcode", codes)])];
  return {
    predicate: all(firstFragment, invertIf(invert, family === 4 && type === ANY_TYPE ? all() : all(...isType))),
    hotdrop: all(firstFragment, among("l4length", [0, HEADER - 1])),
  };
}

/** `icmp echo-request`, `icmptype 8 code 0`, `icmp !type 8`. */
export function listIcmp({ type, codes, invert }: IcmpTest, { numeric }: Listing, { family, listed }: IcmpKind): string {
  const named = icmpNames(family).find(known => known.type === type && known.codes[0] === codes[0] && known.codes[1] === codes[1]);
  if (!numeric && named) return `${listed} ${invert ? "!" : ""}${named.name}`;
  const [low, high] = codes;
  const code = low === high ? ` code ${low}` : wholeType(codes) ? "" : ` codes ${low}-${high}`;
  return `${listed}${invert ? " !" : ""}type ${type}${code}`;
}
