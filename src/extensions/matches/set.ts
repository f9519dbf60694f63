import { invertIf, member, type CounterTest, type SetTest } from "../../predicate/index.ts";
import { optionName, parseUnsignedBig, someOf, UsageError, type MatchType, type Value } from "../../xtables/index.ts";
import { namedEnds } from "../set-name.ts";

/** Kernel: struct xt_set_info_match_v4. */
interface SetMatch {
  readonly test: SetTest;
  readonly invert: boolean;
}

type Counted = "packets" | "bytes";
type Comparison = "eq" | "lt" | "gt";

/** A counter, as libxtables reads 64 bits. libxt_set: parse_counter. */
const counter: Value<bigint> = {
  shape: "value",
  parse(text) {
    const value = parseUnsignedBig(text);
    if (value === undefined || value >= 1n << 64n) throw new UsageError(`Cannot parse ${text} as a counter value`);
    return value;
  },
  print: String,
};

const compare = (help: string) => ({ value: counter, invert: true, repeat: true, help });

const { options } = someOf({
  "match-set": { value: namedEnds, arity: 2, invert: true, repeat: true, aliases: ["set"], help: "The packet is in the set." },
  "return-nomatch": { invert: true, repeat: true, help: "Only entries marked nomatch count as found." },
  "update-counters": { invert: true, repeat: true, help: "With ! before it: the entry found does not count the packet." },
  "update-subcounters": { invert: true, repeat: true, help: "With ! before it: entries of a list's members do not count it." },
  "packets-eq": compare("The entry counted so many packets."),
  "packets-lt": compare("It counted fewer."),
  "packets-gt": compare("It counted more."),
  "bytes-eq": compare("The entry counted so many bytes."),
  "bytes-lt": compare("It counted fewer."),
  "bytes-gt": compare("It counted more."),
});

const OPERATIONS = { eq: "equal", lt: "less", gt: "greater" } as const;
const WORDS = { equal: "eq", unequal: "eq", less: "lt", greater: "gt" } as const;

/** `-m set`: the packet is in an ipset. A set with more dimensions than the rule names, or of the other family, has no packet. Kernel: xt_set.c, set_match_v4. */
export const set: MatchType<SetMatch> = {
  name: "set",
  help: "Match packets by ipsets.",
  options: {
    options,
    parse(given, context) {
      const counters: Partial<Record<Counted, CounterTest>> = {};
      let info: Pick<SetTest, "set" | "dimensions"> | undefined;
      let inverted = false;
      const flags = { returnNomatch: false, updateCounters: true, updateSubcounters: true };
      for (const { option, text, invert, span } of given) {
        const name = optionName(options, option) ?? option;
        const refuse = (sentence: string): UsageError => new UsageError(sentence, { span });
        switch (name) {
          case "match-set":
            if (option === "set") context.warn("--set option deprecated, please use --match-set");
            if (info) throw refuse("--match-set can be specified only once");
            info = placed(() => namedEnds.parse(text, { ...context, option: name }), span);
            inverted = invert;
            break;
          case "return-nomatch":
            if (invert) throw refuse("--return-nomatch flag cannot be inverted");
            flags.returnNomatch = true;
            break;
          case "update-counters":
            if (invert) flags.updateCounters = false;
            break;
          case "update-subcounters":
            if (invert) flags.updateSubcounters = false;
            break;
          default: {
            const [counted, comparison] = name.split("-") as [Counted, Comparison];
            if (counters[counted]) throw refuse(`only one of the --${counted}-[eq|lt|gt] is allowed`);
            if (invert && comparison !== "eq") throw refuse(`--${name} option cannot be inverted`);
            const value = placed(() => counter.parse(text, { ...context, option: name }), span);
            counters[counted] = { op: invert ? "unequal" : OPERATIONS[comparison], value };
          }
        }
      }
      if (!info) throw new UsageError("You must specify `--match-set' with proper arguments");
      return { test: { ...info, ...flags, ...counters }, invert: inverted };
    },
    save: info => words(info, "--"),
  },
  lower: ({ test, invert }) => ({ predicate: invertIf(invert, member(test)) }),
  list: info => words(info, ""),
};

/** What a reader throws gets the place of its option. */
function placed<T>(read: () => T, span: UsageError["span"]): T {
  try {
    return read();
  } catch (fault) {
    if (fault instanceof UsageError && !fault.span) throw new UsageError(fault.message, { status: fault.status, span });
    throw fault;
  }
}

function words({ test, invert }: SetMatch, dashes: string): string {
  const parts = [`${invert ? "! " : ""}${dashes}match-set ${test.set} ${test.dimensions.join(",")}`];
  if (test.returnNomatch) parts.push(`${dashes}return-nomatch`);
  if (!test.updateCounters) parts.push(`! ${dashes}update-counters`);
  if (!test.updateSubcounters) parts.push(`! ${dashes}update-subcounters`);
  for (const counted of ["packets", "bytes"] as const) {
    const asked = test[counted];
    if (asked) parts.push(`${asked.op === "unequal" ? "! " : ""}${dashes}${counted}-${WORDS[asked.op]} ${asked.value}`);
  }
  return parts.join(" ");
}
