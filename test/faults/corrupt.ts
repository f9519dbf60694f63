/** Texts made of real lines and then damaged: words lost, doubled, swapped, taken from elsewhere, or bytes changed. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { chainRows } from "../rows.ts";

/** A rule of the extensions' own rows, where it stands. */
interface RealRule {
  readonly family: 4 | 6;
  readonly table: string;
  readonly chain: string;
  readonly rule: string;
}

const FOLDER = "src/extensions";
const RULES: readonly RealRule[] = ["matches", "targets"].flatMap(kind =>
  readdirSync(`${FOLDER}/${kind}`)
    .filter(name => name.endsWith(".t"))
    .flatMap(name => chainRows(readFileSync(`${FOLDER}/${kind}/${name}`, "utf8")).rules),
);
const WORDS: readonly string[] = [...new Set(RULES.flatMap(({ rule }) => rule.split(" ")))].filter(word => word !== "");
const NASTY: readonly string[] = [
  "!",
  "! !",
  '"',
  '""',
  "\\",
  "--",
  "-",
  "-j",
  "-g",
  "-m",
  "-p",
  "-A",
  "-I",
  "-N",
  "-X",
  "-F",
  "-P",
  "-E",
  "-D",
  "-R",
  "-Z",
  "-c",
  "-t",
  "-4",
  "-6",
  "-h",
  "-V",
  "__proto__",
  "constructor",
  "toString",
  "INPUT",
  "PREROUTING",
  "0",
  "-1",
  "4294967296",
  "18446744073709551616",
  "1e9",
  "0x",
  "0x1p3",
  "NaN",
  "Infinity",
  ",",
  ",,",
  ":",
  "/",
  "//",
  "0/0",
  "1/1/1",
  "::",
  "::/0",
  ":::",
  "1.2.3",
  "1.2.3.4.5",
  "999.1.1.1",
  "10.0.0.0/255.0.255.0",
  "+",
  "eth+",
  "eth++",
  "x".repeat(15),
  "x".repeat(16),
  "y".repeat(1023),
  "1,".repeat(100),
  "%s%n",
  "$(id)",
  "`id`",
  "\u202e",
  "\u0000",
  "\u001b[31m",
  "\ud800",
  "é",
  "\t",
  "\r",
  "\u2028",
  "\ufeff",
  "Chain",
  "references)",
];

/** One word of anything. */
export const anyWord: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
);

type Change = (words: string[], at: number, word: string) => void;
const CHANGES: readonly Change[] = [
  (words, at) => words.splice(at, 1),
  (words, at, word) => words.splice(at, 0, word),
  (words, at, word) => words.splice(at, 1, word),
  (words, at) => words.splice(at, 0, words[at] ?? ""),
  (words, at) => words.splice(at, 2, words[at + 1] ?? "", words[at] ?? ""),
  (words, at, word) => words.splice(at, 1, `${words[at] ?? ""}${word}`),
  (words, at, word) => words.splice(at, 1, (words[at] ?? "").slice(1), word),
  (words, at) => words.splice(at, 0, "!"),
];

/** Pieces of a text, some of them lost, doubled, swapped, changed or foreign. */
export function damaged(pieces: readonly string[], foreign: fc.Arbitrary<string>, most: number): fc.Arbitrary<string[]> {
  const change = fc.tuple(fc.constantFrom(...CHANGES), fc.nat(), foreign);
  return fc.array(change, { maxLength: most }).map(changes => {
    const words = [...pieces];
    for (const [apply, at, word] of changes) apply(words, words.length === 0 ? 0 : at % words.length, word);
    return words.map(wellFormed);
  });
}

/** Files and arguments are UTF-8: half a surrogate pair never comes in. */
const wellFormed = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text));

const realRule = fc.constantFrom(...RULES);
const anyRule = (table: string, family: 4 | 6): fc.Arbitrary<string> => {
  const own = RULES.filter(rule => rule.table === table && rule.family === family);
  return fc
    .constantFrom(...(own.length > 0 ? own : RULES))
    .chain(({ chain, rule }) => damaged(`-A ${chain} ${rule}`.split(" "), anyWord, 2).map(words => words.join(" ")));
};
const CHAIN_LINES: Readonly<Record<string, readonly string[]>> = {
  filter: [":INPUT ACCEPT [0:0]", ":FORWARD DROP [1:2]", ":OUTPUT ACCEPT [0:0]", ":user - [0:0]"],
  nat: [":PREROUTING ACCEPT [0:0]", ":INPUT ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]", ":user - [0:0]"],
};
const anyLine = fc.oneof(
  fc.constantFrom(
    "COMMIT",
    "*filter",
    "*nat",
    "* mangle",
    "*raw",
    ":a - [0:0]",
    ":INPUT DROP",
    ":user - [0:0]",
    "# x",
    "",
    "-F",
    "-X",
    "-Z",
    "-P INPUT DROP",
    "-N b",
    "-A user -j user",
  ),
  realRule.map(({ chain, rule }) => `-A ${chain} ${rule}`),
  fc.array(anyWord, { maxLength: 8 }).map(words => words.join(" ")),
);

/** Save text of one family, more or less damaged. */
export const saveText: fc.Arbitrary<{ readonly text: string; readonly family: 4 | 6 }> = fc
  .tuple(fc.constantFrom<4 | 6>(4, 6), fc.constantFrom("filter", "nat", "mangle", "raw", "security"))
  .chain(([family, table]) =>
    fc
      .array(fc.oneof({ weight: 3, arbitrary: anyRule(table, family) }, { weight: 1, arbitrary: anyLine }), { maxLength: 6 })
      .chain(rules => damaged([`*${table}`, ...(CHAIN_LINES[table] ?? []), ...rules, "COMMIT"], anyLine, 2))
      .map(lines => ({ text: `${lines.join("\n")}\n`, family })),
  );

/** A text with some characters lost, doubled or replaced. */
export function scribbled(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const character = fc.oneof(
    fc.constantFrom(..." \n\t\r\"'\\-!:;,/*[]()0aA\u0000\u001b"),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  return texts.chain(text => damaged([...text], character, 4).map(characters => wellFormed(characters.join(""))));
}

/** Bytes with some changed, lost or doubled. */
export function scrambled(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(),
    value: fc.oneof(fc.constantFrom(0, 1, 4, 5, 6, 44, 60, 127, 128, 255), fc.nat(255)),
    cut: fc.nat(12),
  });
  return fc.tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 5 })).map(([seed, changes]) => {
    let bytes = seed.slice();
    for (const { at, value, cut } of changes) {
      if (bytes.length === 0) break;
      bytes[at % bytes.length] = value;
      if (cut === 11) bytes = bytes.slice(0, at % bytes.length);
      if (cut === 12) bytes = Uint8Array.from([...bytes, ...bytes.subarray(at % bytes.length)]);
    }
    return bytes;
  });
}
