import { PROTOCOL, u8 } from "../../packet/index.ts";
import { all, among, any, firstFragment, invertIf, opaque, type Predicate } from "../../predicate/index.ts";
import {
  findWord,
  scanUnsigned,
  someOf,
  UsageError,
  type IntegerRange,
  type MatchType,
  type Value,
  type Word,
} from "../../xtables/index.ts";

interface Mh {
  readonly types: IntegerRange;
  readonly invert: boolean;
}

const MAX = 0xff;
/** Bytes of the header that every type has. Kernel: struct ip6_mh. */
const HEADER = 6;

/** Names before abbreviations of them, as iptables looks for them. */
const TYPES: readonly Word<number>[] = [
  ["binding-refresh-request", 0],
  ["brr", 0],
  ["home-test-init", 1],
  ["hoti", 1],
  ["careof-test-init", 2],
  ["coti", 2],
  ["home-test", 3],
  ["hot", 3],
  ["careof-test", 4],
  ["cot", 4],
  ["binding-update", 5],
  ["bu", 5],
  ["binding-acknowledgement", 6],
  ["ba", 6],
  ["binding-error", 7],
  ["be", 7],
];

const ANY: IntegerRange = [0, MAX];

/** A number, or the start of a name. libip6t_mh.c, name_to_type. */
function readType(text: string): number {
  const exact = TYPES.find(([name]) => name === text.toLowerCase());
  const known = text === "" ? TYPES[0] : (exact ?? findWord(TYPES, text));
  if (known) return known[1];
  const scanned = scanUnsigned(text, 0, MAX);
  if (scanned?.rest !== "") throw new UsageError(`Invalid MH type \`${text}'`);
  return scanned.value;
}

const typeRange: Value<IntegerRange> = {
  shape: "type[:type]",
  words: TYPES.map(([name]) => name),
  parse(text) {
    const colon = text.indexOf(":");
    if (colon < 0) {
      const type = readType(text);
      return [type, type];
    }
    const low = colon === 0 ? 0 : readType(text.slice(0, colon));
    const high = colon === text.length - 1 ? MAX : readType(text.slice(colon + 1));
    if (low > high) throw new UsageError("Invalid MH type range (min > max)");
    return [low, high];
  },
  print: ([low, high]) => (low === high ? `${low}` : `${low}:${high}`),
};

const grammar = someOf({ "mh-type": { value: typeRange, invert: true, help: "Type by name or number, or a range of them." } });

/** Nothing may follow a mobility header: its own next header says so. */
const followed: Predicate = opaque<undefined>({
  name: "mh followed",
  about: "something follows the mobility header",
  depends: "packet",
  start: () => undefined,
  step: (_, { bytes, l4 }) => u8(bytes, l4) !== PROTOCOL.NONE,
});

const isFull = ([low, high]: IntegerRange): boolean => low === 0 && high === MAX;

/**
 * `-m mh`: the type of a Mobile IPv6 header. Kernel: ip6t_mh.c, mh_mt6. A cut header, or one that another follows, is dropped; a later
 * fragment does not match.
 */
export const mh: MatchType<Mh> = {
  name: "mh",
  help: "Match the type of a Mobile IPv6 header.",
  families: [6],
  protocols: [PROTOCOL.MH],
  options: {
    options: grammar.options,
    parse(given, context) {
      const parsed = grammar.parse(given, context)["mh-type"];
      return { types: parsed?.value ?? ANY, invert: parsed?.invert ?? false };
    },
    save: ({ types, invert }) => (isFull(types) ? "" : `${invert ? "! " : ""}--mh-type ${typeRange.print(types, 6)}`),
  },
  lower: ({ types, invert }) => ({
    predicate: all(firstFragment, invertIf(invert, among("mhtype", types))),
    hotdrop: all(firstFragment, any(among("l4length", [0, HEADER - 1]), followed)),
  }),
  list({ types: [low, high], invert }, { numeric }) {
    if (isFull([low, high]) && !invert) return "mh";
    const shown = (type: number): string => (numeric ? undefined : TYPES.find(([, value]) => value === type)?.[0]) ?? `${type}`;
    return `mh ${invert ? "!" : ""}${low === high ? shown(low) : `${shown(low)}:${shown(high)}`}`;
  },
};
