import { ALL_ADDRESSES, addressRange, numberRange } from "../../analysis/names/index.ts";
import type { PolicyRow, PolicySection, Ranges, ServiceClass } from "../../analysis/index.ts";
import { quotedName } from "../../analysis/question/index.ts";
import { hasPorts, protocolName } from "../../packet/index.ts";
import type { Family, Scalar } from "../../predicate/index.ts";

/** Ranges of addresses in one list, at most: nobody reads more. */
const RANGES_MAX = 60;
/** Protocols in one question, at most. */
const PROTOCOLS_MAX = 16;

/** Gives a list of addresses a name, and answers what questions call it: `$clients-1`. `about` is what people call these addresses. */
export type NameAddresses = (list: string, about: string) => string;

/** Longer lists get a name. */
const INLINE_MAX = 2;

/** A question about sessions of a path, and one that also means broadcasts and whatever else takes that path, which `self` does not. */
export interface RowQuestion {
  readonly narrow: string;
  readonly wide: string;
}

/**
 * The sessions of a row in the words of questions (docs/query.md), one question for each of its services; undefined where no question says it: where
 * it is about interfaces that nobody names, or fields that questions do not know.
 */
export function rowQuestions(
  row: PolicyRow,
  { family, path, classes }: PolicySection,
  named: NameAddresses,
): readonly RowQuestion[] | undefined {
  if (row.with !== undefined && row.with.length > 0) return undefined;
  const rangesOf = (ids: readonly string[]): Ranges => joined(classes.filter(({ id }) => ids.includes(id)).flatMap(({ ranges }) => ranges));
  const from = path === "out" && row.from === "self" ? "self" : addressesText(rangesOf(row.clients), family, row.from, named);
  const to =
    path === "in" && (row.to === "anywhere" || row.to === "self") ? "self" : addressesText(rangesOf(row.servers), family, row.to, named);
  const input = interfacesText("in", row.in);
  const output = interfacesText("out", row.out);
  if (from === undefined || to === undefined || input === undefined || output === undefined) return undefined;
  const questions: RowQuestion[] = [];
  for (const service of row.services) {
    const texts = serviceTexts(service, family);
    if (texts === undefined) return undefined;
    const source =
      service.sourcePorts && service.name.includes(" from port ") ? ` port ${service.sourcePorts.map(numberRange).join(",")}` : "";
    for (const text of texts) {
      const rest = `${text}${input}${output}`;
      const narrow = `from ${from}${source} to ${to}${rest}`;
      questions.push({ narrow, wide: `from ${from === "self" ? "any" : from}${source} to ${to === "self" ? "any" : to}${rest}` });
    }
  }
  return questions;
}

/** Sorted, and those that touch as one. */
function joined(ranges: Ranges): Ranges {
  const sorted = ranges.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const found: [Scalar, Scalar][] = [];
  for (const [low, high] of sorted) {
    const last = found.at(-1);
    if (last && BigInt(low) <= BigInt(last[1]) + 1n) last[1] = high > last[1] ? high : last[1];
    else found.push([low, high]);
  }
  return found;
}

/** `any`, a list, or `! ` and the list of all others, whichever is shorter. */
function addressesText(ranges: Ranges, family: Family, about: string, named: NameAddresses): string | undefined {
  const rest = lacking(ranges, ALL_ADDRESSES[family]);
  if (rest.length === 0) return "any";
  const invert = rest.length < ranges.length;
  const said = invert ? rest : ranges;
  if (said.length === 0 || said.length > RANGES_MAX) return undefined;
  const list = said.map(addressRange).join(",");
  return `${invert ? "! " : ""}${said.length > INLINE_MAX ? named(list, invert ? `all but ${about}` : about) : list}`;
}

/** What of one range the sorted others leave. */
function lacking(ranges: Ranges, [whole]: Ranges): Ranges {
  if (whole === undefined) return [];
  const next = (value: Scalar, step: 1 | -1): Scalar => (typeof value === "bigint" ? value + BigInt(step) : value + step);
  const rest: (readonly [Scalar, Scalar])[] = [];
  let from: Scalar = whole[0];
  let open = true;
  for (const [low, high] of ranges) {
    if (from < low) rest.push([from, next(low, -1)]);
    open = high < whole[1];
    from = open ? next(high, 1) : high;
  }
  if (open) rest.push([from, whole[1]]);
  return rest;
}

/** ` in lan0,wan+`; empty where interfaces do not count. */
function interfacesText(word: "in" | "out", names: readonly string[] | undefined): string | undefined {
  if (names === undefined) return "";
  if (names.length === 0 || names.some(name => name === "other" || name.startsWith("other "))) return undefined;
  return ` ${word} ${names.map(quoted).join(",")}`;
}

/** A name that ends in a plus would mean all that begin so; the policy writes such kinds so, too. */
const quoted = (name: string): string => (name.endsWith("+") ? name : quotedName(name));

/** A service as questions say it, a blank before it. */
function serviceTexts({ protocols, ports, icmpTypes }: ServiceClass, family: Family): readonly string[] | undefined {
  const numbers = protocols.flatMap(([low, high]) => (Number(high) - Number(low) > 255 ? [] : span(Number(low), Number(high))));
  if (numbers.length === 256) return ports === undefined ? [""] : undefined;
  const icmp = family === 4 ? 1 : 58;
  if (numbers.length === 1 && numbers[0] === icmp) {
    const name = family === 4 ? "icmp" : "icmpv6";
    if (icmpTypes === undefined) return [` ${name}`];
    return icmpTypes.flatMap(([low, high]) =>
      span(Number(low), Number(high)).map(type => (type === (family === 4 ? 8 : 128) ? " ping" : ` ${name} ${type}`)),
    );
  }
  if (numbers.length > PROTOCOLS_MAX || numbers.includes(1) || numbers.includes(58)) return undefined;
  const names = numbers.map(number => protocolName(number) ?? `${number}`).join(",");
  if (ports === undefined) return [` ${names}`];
  return numbers.every(hasPorts) ? [` ${names} ${ports.map(numberRange).join(",")}`] : undefined;
}

const span = (low: number, high: number): number[] => Array.from({ length: high - low + 1 }, (_, index) => low + index);
