/** What a piece of a line is. */
export type TokenKind =
  | "comment"
  | "table"
  | "commit"
  | "counters"
  | "command"
  | "chain"
  | "policy"
  | "option"
  | "bang"
  | "match"
  | "target"
  | "verdict"
  | "quoted"
  | "value";

/** A piece of a line: offsets in the line, from 0, before `to`. */
export interface Token {
  readonly from: number;
  readonly to: number;
  readonly kind: TokenKind;
}

/** Which grammar a line is of: rules as iptables-save and iptables -S write them, or sets as ipset save does. */
export type LineGrammar = "rules" | "sets";

/** Lines longer than this are not looked at beyond it: nobody reads colours there. */
const LINE_MAX = 4000;

/** The pieces of one line. Lines of both grammars stand for themselves, so that any of them can be read alone. Linear. */
export function tokensOf(line: string, grammar: LineGrammar): readonly Token[] {
  const text = line.length > LINE_MAX ? line.slice(0, LINE_MAX) : line;
  const words = wordsIn(text);
  const [first] = words;
  if (first === undefined) return [];
  const lead = text.charAt(first.from);
  if (lead === "#") return [{ from: first.from, to: text.length, kind: "comment" }];
  if (grammar === "sets") return setTokens(text, words);
  if (lead === "*") return [{ from: first.from, to: text.trimEnd().length, kind: "table" }];
  if (lead === ":") return chainTokens(words);
  if (text.slice(first.from, first.to) === "COMMIT") return [{ ...first, kind: "commit" }];
  return ruleTokens(text, words);
}

/** A word of a line: offsets from 0, before `to`; quotes around a part of it belong to it. */
export interface PlacedWord {
  readonly from: number;
  readonly to: number;
}

/** The words of a line: blanks separate them, except inside double quotes, where a backslash takes the next character as it is. */
export function wordsIn(text: string): readonly PlacedWord[] {
  const words: PlacedWord[] = [];
  let from = -1;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quoted) {
      if (char === "\\") at++;
      else if (char === '"') quoted = false;
      continue;
    }
    if (isBlank(char)) {
      if (from >= 0) words.push({ from, to: at });
      from = -1;
      continue;
    }
    if (from < 0) from = at;
    if (char === '"') quoted = true;
  }
  if (from >= 0) words.push({ from, to: text.length });
  return words;
}

const isBlank = (char: string): boolean => char === " " || char === "\t" || char === "\r";

function chainTokens(words: readonly PlacedWord[]): Token[] {
  const kinds: readonly TokenKind[] = ["chain", "policy", "counters"];
  return words.slice(0, 3).map((word, index) => ({ ...word, kind: kinds[index] ?? "value" }));
}

const COMMANDS: ReadonlySet<string> = new Set([
  "-A",
  "-I",
  "-D",
  "-R",
  "-P",
  "-N",
  "-X",
  "-F",
  "-Z",
  "-E",
  "--append",
  "--insert",
  "--delete",
]);
const VERDICTS: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "REJECT", "RETURN", "QUEUE", "NFQUEUE"]);

function ruleTokens(text: string, words: readonly PlacedWord[]): Token[] {
  const tokens: Token[] = [];
  /** What the word before asks for. */
  let wanted: TokenKind = "value";
  for (const [index, { from, to }] of words.entries()) {
    const word = text.slice(from, to);
    const kind = index === 0 && word.startsWith("[") ? "counters" : ruleToken(word, wanted);
    tokens.push({ from, to, kind });
    wanted = wantedAfter(word, kind, wanted);
  }
  return tokens;
}

function ruleToken(word: string, wanted: TokenKind): TokenKind {
  if (word === "!") return "bang";
  if (COMMANDS.has(word)) return "command";
  if (wanted === "target") return VERDICTS.has(word) ? "verdict" : "target";
  if (wanted !== "value") return wanted;
  if (word.startsWith('"')) return "quoted";
  return /^--?[a-z]/i.test(word) ? "option" : "value";
}

function wantedAfter(word: string, kind: TokenKind, before: TokenKind): TokenKind {
  if (kind === "bang") return before;
  if (kind === "command") return "chain";
  if (kind !== "option") return "value";
  if (word === "-j" || word === "--jump" || word === "-g" || word === "--goto") return "target";
  return word === "-m" || word === "--match" ? "match" : "value";
}

function setTokens(text: string, words: readonly PlacedWord[]): Token[] {
  return words.map(({ from, to }, index): Token => {
    if (index === 0) return { from, to, kind: "command" };
    if (index === 1) return { from, to, kind: "chain" };
    const isType = index === 2 && /^(?:create|-N|n)$/.test(text.slice(words[0]?.from, words[0]?.to));
    if (isType) return { from, to, kind: "match" };
    return { from, to, kind: index > 2 && /^[a-z-]+$/.test(text.slice(from, to)) ? "option" : "value" };
  });
}
