import { UsageError } from "../xtables/index.ts";

/** One word of a rule line. Columns count from 1 in the line; the end is exclusive and takes in the closing quote. */
export interface Word {
  readonly text: string;
  readonly column: number;
  readonly endColumn: number;
  /** A quote opened in it: an empty word can only be written so. */
  readonly quoted: boolean;
}

/** Bytes that iptables-restore keeps of one word, less the final NUL. iptables: xshared.c, struct xt_param_buf. */
export const MOST_IN_WORD = 1023;
/** Words that iptables-restore takes in one line, beside the program, `-t` and the table. iptables: xshared.h, MAX_ARGC. */
export const MOST_WORDS = 251;

/**
 * The words of a rule line as iptables-restore cuts it: blanks and tabs separate, double quotes hold together and end the word where they
 * close, a backslash inside quotes takes the next character as it is, and outside them is an ordinary character. iptables: xshared.c,
 * add_param_to_argv. Throws UsageError for a word that is too long, for too many words, a NUL and an unclosed quote, which iptables swallows
 * with the rest of the line. `from` is the offset to begin at.
 */
export function wordsOf(line: string, from = 0): Word[] {
  const words: Word[] = [];
  const nul = line.indexOf("\0");
  if (nul >= 0) throw at("NUL byte: iptables would lose the rest of the line", nul, nul + 1);
  let i = from;
  while (i < line.length) {
    const code = line.charCodeAt(i);
    if (code === BLANK || code === TAB) {
      i++;
      continue;
    }
    const start = i;
    let text = "";
    let quoted = false;
    let plain = i;
    for (; i < line.length; i++) {
      const char = line.charCodeAt(i);
      if (char === BLANK || char === TAB) break;
      if (char !== QUOTE) continue;
      text += line.slice(plain, i);
      const quote = quotedText(line, i);
      text += quote.text;
      quoted = true;
      i = quote.end;
      plain = i;
      break;
    }
    text += line.slice(plain, i);
    if (text.length > MOST_IN_WORD || tooManyBytes(text)) throw at("Parameter too long!", start, i);
    words.push({ text, column: start + 1, endColumn: i + 1, quoted });
    if (words.length > MOST_WORDS) throw at("Parser cannot handle more arguments", start, i);
  }
  return words;
}

const BLANK = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;

/** The text between the quote at `open` and its partner; `end` is the offset after that. */
function quotedText(line: string, open: number): { readonly text: string; readonly end: number } {
  let text = "";
  let plain = open + 1;
  for (let i = open + 1; i < line.length; i++) {
    const char = line.charCodeAt(i);
    if (char === QUOTE) return { text: text + line.slice(plain, i), end: i + 1 };
    if (char === BACKSLASH) {
      text += line.slice(plain, i);
      plain = i + 1;
      i++;
    }
  }
  throw at("unclosed quote: iptables would take the rest of the line, target included, into this word", open, line.length);
}

function tooManyBytes(text: string): boolean {
  if (text.length * 3 <= MOST_IN_WORD) return false;
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair is four bytes in UTF-8: two for each half.
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdfff ? 2 : 3;
  }
  return bytes > MOST_IN_WORD;
}

const at = (message: string, start: number, end: number): UsageError =>
  new UsageError(message, { span: { line: 0, column: start + 1, endColumn: end + 1 } });

/** Command-line words, as a shell gives them: columns count in the words joined by single blanks. */
export function wordsOfArgv(argv: readonly string[]): Word[] {
  const words: Word[] = [];
  let column = 1;
  for (const text of argv) {
    words.push({ text, column, endColumn: column + text.length, quoted: false });
    column += text.length + 1;
  }
  return words;
}
