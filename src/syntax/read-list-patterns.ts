import { not, option, RATE_PATTERNS, type Pattern } from "./read-list-rates.ts";
import type { ListText } from "./read-list-text.ts";

/** Characters that such a text can take: a program of BPF has up to 64 instructions. */
const MOST = 2400;

/** A text is listed as hexadecimal when it has bytes that cannot be printed, or ends in a backslash. */
const isHex = (text: string): boolean => /^\|(?:[0-9a-f]{2})*(?:(?:[018-9a-f][0-9a-f]|7f)(?:[0-9a-f]{2})*|5c)\|$/.test(text);

const PATTERNS: readonly Pattern[] = [
  ...RATE_PATTERNS,
  {
    match: "string",
    text: /^STRING match {1,2}(! ?)?"((?:[^"\\]|\\.)*)" ALGO name (bm|kmp)(?: FROM (\d+))?(?: TO (\d+))?( ICASE)?/,
    words: ([bang = "", text = "", algorithm = "", from = "", to = "", icase = ""]) => [
      ...not(bang),
      isHex(text) ? "--hex-string" : "--string",
      text.replaceAll(/\\(.)/g, "$1"),
      "--algo",
      algorithm,
      ...option("from", from),
      ...option("to", to),
      ...(icase === "" ? [] : ["--icase"]),
    ],
  },
  {
    match: "bpf",
    // iptables prints the NUL that ends the text, too. libxt_bpf.
    text: /^match bpf (\d{1,5} \d{1,3} \d{1,3} \d{1,10}(?:,\d{1,5} \d{1,3} \d{1,3} \d{1,10}){0,63})\0?/,
    words: ([program = ""]) => ["--bytecode", `${program.split(",").length},${program}`],
  },
];

/** What a whole text said. */
export interface PatternRead {
  readonly match: string;
  readonly words: readonly string[];
  readonly loses?: string | undefined;
}

/** The match whose whole text stands here and its option words; undefined (and no step taken) where none does. */
export function readPattern(text: ListText): PatternRead | undefined {
  const here = text.line.slice(text.at, text.at + MOST);
  for (const { match, text: pattern, words, loses } of PATTERNS) {
    const found = pattern.exec(here);
    const said =
      found &&
      words(
        found.slice(1).map(group => group ?? ""),
        `${text.number}-${text.at + 1}`,
      );
    if (!said || !text.endsAt(text.at + found[0].length)) continue;
    text.at += found[0].length;
    return { match, words: said, loses };
  }
  return readPolicy(text);
}

const POLICY_VALUES: readonly string[] = ["dir", "pol", "reqid", "spi", "proto", "mode", "tunnel-dst", "tunnel-src"];

/** `policy match dir in pol ipsec strict [0] reqid 1 [1] reqid 2`. libxt_policy. */
function readPolicy(text: ListText): PatternRead | undefined {
  if (!text.take("policy match")) return undefined;
  const words: string[] = [];
  for (;;) {
    const before = text.at;
    text.skipBlanks();
    const bang = text.take("! ");
    const word = text.token();
    if (/^\[\d\]$/.test(word)) words.push(...(word === "[0]" ? [] : ["--next"]));
    else if (word === "strict") words.push("--strict");
    else if (POLICY_VALUES.includes(word)) {
      text.skipBlanks();
      words.push(...not(bang ? "!" : ""), `--${word}`, text.token());
    } else {
      text.at = before;
      return { match: "policy", words };
    }
  }
}
