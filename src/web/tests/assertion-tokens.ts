/** A piece of a line and what it is: a key, a word of questions, `any` and its like, `$name` and `@name`, an ending, a negation … */
export interface AssertionToken {
  readonly from: number;
  readonly to: number;
  readonly kind: "comment" | "key" | "quoted" | "word" | "group" | "name" | "ending" | "not";
}

/** Words of questions and invariants. */
const WORDS: ReadonlySet<string> = new Set(
  "from to port in out state before after nat sessions packets ipv4 ipv6 and or not implies src dst sport dport proto flags".split(" "),
);
const ENDINGS: ReadonlySet<string> = new Set(["accept", "drop", "reject", "deny"]);
const GROUPS: ReadonlySet<string> = new Set(["any", "self", "ping"]);

/** The coloured pieces of one line of a file of assertions, in order. Linear; only for looks: what the line means, the worker reads. */
export function assertionTokens(line: string): AssertionToken[] {
  const tokens: AssertionToken[] = [];
  let at = 0;
  while (line[at] === " " || line[at] === "\t") at++;
  while (line[at] === "-" && (line[at + 1] === " " || at + 1 === line.length)) {
    at++;
    while (line[at] === " ") at++;
  }
  const colon = keyEnd(line, at);
  if (colon !== undefined) {
    if (colon > at) tokens.push({ from: at, to: colon, kind: "key" });
    at = colon + 1;
  }
  while (at < line.length) {
    const letter = line[at] as string;
    if (letter === "#" && (at === 0 || line[at - 1] === " ")) {
      tokens.push({ from: at, to: line.length, kind: "comment" });
      return tokens;
    }
    if (letter === '"' || letter === "'") {
      const end = line.indexOf(letter, at + 1);
      const to = end < 0 ? line.length : end + 1;
      tokens.push({ from: at, to, kind: "quoted" });
      at = to;
      continue;
    }
    if (letter === "!") {
      tokens.push({ from: at, to: at + 1, kind: "not" });
      at++;
      continue;
    }
    let to = at;
    while (to < line.length && isWordLetter(line[to] as string)) to++;
    if (to === at) {
      at++;
      continue;
    }
    const kind = kindOf(line.slice(at, to));
    if (kind) tokens.push({ from: at, to, kind });
    at = to;
  }
  return tokens;
}

/** Where the colon behind a key stands. */
function keyEnd(line: string, start: number): number | undefined {
  for (let at = start; at < line.length; at++) {
    const letter = line[at] as string;
    if (letter === "#" || letter === '"' || letter === "'" || letter === "[") return undefined;
    if (letter === ":" && (at + 1 === line.length || line[at + 1] === " ")) return at;
  }
  return undefined;
}

function kindOf(word: string): AssertionToken["kind"] | undefined {
  if (word.startsWith("$") || word.startsWith("@")) return "name";
  if (WORDS.has(word)) return "word";
  if (GROUPS.has(word)) return "group";
  return ENDINGS.has(word) ? "ending" : undefined;
}

/** May a variable's or host's name, or a word of the language, hold the letter? */
export const isNameLetter = (letter: string): boolean =>
  (letter >= "a" && letter <= "z") ||
  (letter >= "A" && letter <= "Z") ||
  (letter >= "0" && letter <= "9") ||
  letter === "$" ||
  letter === "@" ||
  letter === "_" ||
  letter === "-" ||
  letter === ".";

const isWordLetter = (letter: string): boolean => isNameLetter(letter) || letter === "/";
