import { all, among, any, opaque, present, type Facts, type Field, type Opaque, type Predicate } from "../../predicate/index.ts";
import { someOf, U64_MAX, u64Range, UsageError, type BigRange, type MatchType, type Value } from "../../xtables/index.ts";

const MODES = ["packets", "bytes", "avgpkt"] as const;
const DIRECTIONS = ["original", "reply", "both"] as const;

/** Kernel: struct xt_connbytes_info. Inverted where `from` is above `to`. */
interface Connbytes {
  readonly from: bigint;
  readonly to: bigint;
  readonly mode: (typeof MODES)[number];
  readonly direction: (typeof DIRECTIONS)[number];
}

const wordOf = <T extends string>(words: readonly T[], option: string): Value<T> => ({
  shape: words.join("|"),
  words,
  parse(text) {
    const found = words.find(word => word === text);
    if (found === undefined) throw new UsageError(`Unknown --${option} \`${text}'`);
    return found;
  },
  print: String,
});

const range: Value<BigRange> = {
  ...u64Range,
  parse(text, context) {
    const found = u64Range.parse(text, context);
    if (found[1] !== undefined && found[1] < found[0]) throw new UsageError(`${found[0]} should be less than ${found[1]}`);
    return found;
  },
};

const grammar = someOf({
  connbytes: {
    value: range,
    invert: true,
    required: true,
    help: "How many packets or bytes there were, or how long packets are on average.",
  },
  "connbytes-dir": { value: wordOf(DIRECTIONS, "connbytes-dir"), required: true, help: "The direction whose packets count." },
  "connbytes-mode": { value: wordOf(MODES, "connbytes-mode"), required: true, help: "What is counted." },
});

const FIELDS = {
  packets: { original: "ctpacketsorig", reply: "ctpacketsreply" },
  bytes: { original: "ctbytesorig", reply: "ctbytesreply" },
} as const;

/** Within the range, or outside it where it is reversed. */
function wanted(field: Field, { from, to }: Connbytes): Predicate {
  if (from <= to) return among(field, [from, to]);
  return any(...(to > 0n ? [among(field, [0, to - 1n])] : []), ...(from < U64_MAX ? [among(field, [from + 1n, U64_MAX])] : []));
}

/** The two directions of a kind together, or one of them. */
function count(facts: Facts, kind: "packets" | "bytes", direction: Connbytes["direction"]): bigint {
  const of = (side: "original" | "reply"): bigint =>
    direction === "both" || direction === side ? BigInt(facts.value(FIELDS[kind][side]) ?? 0) : 0n;
  return of("original") + of("reply");
}

function step(info: Connbytes): Opaque<undefined> {
  const { from, to, mode, direction } = info;
  return {
    name: "connbytes",
    about: show(info),
    depends: "history",
    start: () => undefined,
    step(_, facts) {
      const packets = mode === "bytes" ? 1n : count(facts, "packets", direction);
      const bytes = mode === "packets" ? 0n : count(facts, "bytes", direction);
      const what = mode === "packets" ? packets : mode === "bytes" ? bytes : packets === 0n ? 0n : bytes / packets;
      return from <= to ? from <= what && what <= to : what < to || what > from;
    },
  };
}

/**
 * `-m connbytes`: what went over the packet's connection, this packet included. Kernel: xt_connbytes.c, connbytes_mt. Without a connection, or where
 * its packets are not counted, it does not match, inverted or not.
 */
export const connbytes: MatchType<Connbytes> = {
  name: "connbytes",
  help: "Match how many packets or bytes the connection has had.",
  needs: () => ["conntrack", "accounting"],
  options: {
    options: grammar.options,
    parse(given, context) {
      const found = grammar.parse(given, context);
      const [low, high = U64_MAX] = found.connbytes?.value ?? [0n, undefined];
      const invert = found.connbytes?.invert ?? false;
      return {
        from: invert ? high : low,
        to: invert ? low : high,
        mode: found["connbytes-mode"]?.value ?? "packets",
        direction: found["connbytes-dir"]?.value ?? "both",
      };
    },
    save: info => `${bounds(info, "--connbytes")} --connbytes-mode ${info.mode} --connbytes-dir ${info.direction}`,
  },
  lower(info) {
    if (info.mode === "avgpkt" || info.direction === "both") return { predicate: all(present("ctbytesorig"), opaque(step(info))) };
    return { predicate: wanted(FIELDS[info.mode][info.direction], info) };
  },
  list: show,
};

/** `! connbytes 5:10`; the high end is left out where it is the highest there is, and where it is 0. */
function bounds({ from, to }: Connbytes, word: string): string {
  const [low, high] = from <= to ? [from, to] : [to, from];
  return `${from <= to ? "" : "! "}${word} ${low}${high === U64_MAX || high === 0n ? "" : `:${high}`}`;
}

function show(info: Connbytes): string {
  return `${bounds(info, "connbytes")} connbytes mode ${info.mode} connbytes direction ${info.direction}`;
}
