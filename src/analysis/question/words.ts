import type { Place, QuestionFault } from "./question.ts";

/** A word of a question, or one of the marks `,` `!` `(` `)` `=` `!=`. */
export interface Word extends Place {
  /** Without quotes. */
  readonly text: string;
  /** Some of it stood in quotes: it is then no keyword and no mark. */
  readonly quoted: boolean;
}

/** Variables by name without the dollar: the words that each stands for. */
export type Variables = ReadonlyMap<string, readonly Word[]>;

/** More words than these are refused, so that variables of variables do not grow without end. */
const WORDS_MAX = 20_000;

/**
 * Splits a question into words at blanks and marks; `$name` is replaced by what it stands for. In double quotes, where `\` takes away the next
 * character's meaning, everything is part of a word. Linear in the text and in what variables stand for.
 */
export function wordsOf(text: string, variables: Variables = NONE): readonly Word[] | QuestionFault {
  const words: Word[] = [];
  for (let at = 0; at < text.length;) {
    if (isBlank(text[at])) {
      at++;
      continue;
    }
    const mark = markAt(text, at);
    const word = mark === undefined ? readWord(text, at) : { text: mark, quoted: false, start: at, end: at + mark.length };
    if ("message" in word) return word;
    at = word.end;
    if (!word.quoted && word.text.startsWith("$")) {
      const meant = variables.get(word.text.slice(1));
      if (meant === undefined) return unknownVariable(word, variables);
      for (const each of meant) words.push({ ...each, start: word.start, end: word.end });
    } else words.push(word);
    if (words.length > WORDS_MAX) return { message: `this stands for more than ${WORDS_MAX} words`, start: word.start, end: word.end };
  }
  return words;
}

const NONE: Variables = new Map();

const isBlank = (letter: string | undefined): boolean => letter === " " || letter === "\t" || letter === "\n" || letter === "\r";

/** A parenthesis is a mark only where a word could start: that of `net(lan0)` belongs to its word. */
function markAt(text: string, at: number): string | undefined {
  const letter = text[at] as string;
  if (letter === "!" && text[at + 1] === "=") return "!=";
  return MARKS.includes(letter) ? letter : undefined;
}

const MARKS = ",!=()";
/** What ends a word. */
const ENDS = ",!=";

function readWord(text: string, start: number): Word | QuestionFault {
  let read = "";
  let quoted = false;
  let depth = 0;
  let at = start;
  for (; at < text.length; at++) {
    const letter = text[at] as string;
    if (letter === '"') {
      const end = closingQuote(text, at);
      if (end < 0) return { message: "the quotation does not end", start: at, end: text.length };
      read += unescaped(text.slice(at + 1, end));
      quoted = true;
      at = end;
      continue;
    }
    if (isBlank(letter) || ENDS.includes(letter)) break;
    if (letter === "(") depth++;
    if (letter === ")" && depth-- === 0) break;
    read += letter;
  }
  return { text: read, quoted, start, end: at };
}

function closingQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

function unescaped(text: string): string {
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    plain += text[at] ?? "";
  }
  return plain;
}

function unknownVariable({ text, start, end }: Word, variables: Variables): QuestionFault {
  const known = [...variables.keys()].slice(0, 10).map(name => `$${name}`);
  return { message: `there is no variable ${text}${known.length > 0 ? `: there are ${known.join(", ")}` : ""}`, start, end };
}

/** A name as `wordsOf` reads it back, after the start of a word such as `@` or `net(`. */
export function quotedName(name: string, keywords: readonly string[] = []): string {
  const bare = name !== "" && [...name].every(isBare) && !keywords.includes(name.toLowerCase());
  return bare ? name : `"${[...name].map(letter => (letter === '"' || letter === "\\" ? `\\${letter}` : letter)).join("")}"`;
}

function isBare(letter: string): boolean {
  return !isBlank(letter) && !'",!=()@$\\'.includes(letter);
}
