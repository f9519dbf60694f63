import { encodeUtf8 } from "../../packet/index.ts";
import { invertIf, opaque } from "../../predicate/index.ts";
import { bounded, finallyChecked, UsageError, type MatchType, type Value } from "../../xtables/index.ts";
import { isHexPattern, parseHexPattern, PATTERN_MAX, printPattern } from "../string-pattern.ts";
import { findText, prepareSearch } from "../text-search.ts";

/** Kernel: struct xt_string_info. */
interface StringTest {
  readonly pattern: Uint8Array;
  readonly invert: boolean;
  readonly algorithm: string;
  readonly from: number;
  readonly to: number;
  readonly ignoreCase: boolean;
}

const OFFSET_MAX = 0xffff;
/** Bytes of the name of an algorithm. Kernel: XT_STRING_MAX_ALGO_NAME_SIZE less the byte that ends it. */
const NAME_MAX = 15;
const ALGORITHMS = ["bm", "kmp"];

const pattern: Value<Uint8Array> = {
  shape: "string",
  parse(text) {
    const bytes = encodeUtf8(text);
    if (bytes.length > PATTERN_MAX) throw new UsageError(`STRING too long "${text}"`);
    return bytes;
  },
  print: printPattern,
};

const hexPattern: Value<Uint8Array> = {
  shape: "string",
  parse: text => parseHexPattern(encodeUtf8(text), text),
  print: printPattern,
};

const algorithmName: Value<string> = {
  shape: "bm|kmp",
  words: ALGORITHMS,
  parse: text => text.slice(0, NAME_MAX),
  print: String,
};

const grammar = finallyChecked(
  {
    from: { value: bounded(0, OFFSET_MAX), help: "Where to begin, in bytes from the IP header." },
    to: { value: bounded(0, OFFSET_MAX), help: "Where the text must have ended." },
    algo: { value: algorithmName, required: true, help: "How to search: Boyer-Moore or Knuth-Pratt-Morris. They find the same." },
    string: { value: pattern, invert: true, excludes: ["hex-string"], help: "The text to find." },
    "hex-string": {
      value: hexPattern,
      invert: true,
      excludes: ["string"],
      help: "The same, with bytes in hexadecimal between bars: `a|0d 0a|`.",
    },
    icase: { help: "Capital and small letters are alike." },
  },
  (found): StringTest => {
    const text = found.string ?? found["hex-string"];
    if (!text) throw new UsageError("STRING match: You must specify `--string' or `--hex-string'");
    return {
      pattern: text.value,
      invert: text.invert,
      algorithm: found.algo?.value ?? "",
      from: found.from?.value ?? 0,
      to: found.to?.value ?? OFFSET_MAX,
      ignoreCase: found.icase !== undefined,
    };
  },
);

/** `-m string`: a text anywhere in the packet. Kernel: xt_string.c, string_mt, and skbuff.c, skb_find_text: the first place alone counts. */
export const string: MatchType<StringTest> = {
  name: "string",
  help: "Match a text in the packet.",
  options: {
    ...grammar,
    save({ pattern: bytes, invert, algorithm, from, to, ignoreCase }) {
      const parts = [
        `${invert ? "! " : ""}--${isHexPattern(bytes) ? "hex-string" : "string"} ${printPattern(bytes)}`,
        `--algo ${algorithm}`,
      ];
      if (from !== 0) parts.push(`--from ${from}`);
      if (to !== OFFSET_MAX) parts.push(`--to ${to}`);
      if (ignoreCase) parts.push("--icase");
      return parts.join(" ");
    },
  },
  check({ pattern: bytes, algorithm, from, to }) {
    if (from > to) return "string match: it ends before it begins";
    if (bytes.length === 0) return "string match: an empty text";
    if (algorithm === "fsm") return "string match: an algorithm whose patterns are not text";
    return ALGORITHMS.includes(algorithm) ? undefined : `string match: no algorithm "${algorithm}" (No such file or directory)`;
  },
  lower(info) {
    const search = prepareSearch(info.pattern, info.ignoreCase, info.algorithm);
    const { from, to } = info;
    const found = opaque<undefined>({
      name: "string",
      about: aboutOf(info),
      depends: "packet",
      start: () => undefined,
      step(_, { bytes, end }) {
        const at = findText(search, bytes, from, end);
        return at !== undefined && at + search.pattern.length <= to;
      },
    });
    return { predicate: invertIf(info.invert, found) };
  },
  list: info => `STRING match ${info.invert ? "!" : ""} ${show(info)}`,
};

function show({ pattern: bytes, algorithm, from, to, ignoreCase }: StringTest): string {
  const parts = [printPattern(bytes), `ALGO name ${algorithm}`];
  if (from !== 0) parts.push(`FROM ${from}`);
  if (to !== OFFSET_MAX) parts.push(`TO ${to}`);
  if (ignoreCase) parts.push("ICASE");
  return parts.join(" ");
}

function aboutOf({ pattern: bytes, from, to, ignoreCase }: StringTest): string {
  const where = from === 0 && to === OFFSET_MAX ? "" : ` between bytes ${from} and ${to}`;
  return `the text ${printPattern(bytes)} in the packet${where}${ignoreCase ? ", in capital or small letters" : ""}`;
}
