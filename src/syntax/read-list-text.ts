import { wordsOf, type Word } from "./words.ts";
import { UsageError } from "../xtables/index.ts";

/** What follows a phrase: nothing, the next token, or a word quoted as iptables-save quotes. */
export type Takes = "nothing" | "token" | "two tokens" | "saved word";

/** One thing that an extension says in a listing, and the option that it stands for. */
export interface Phrase {
  /** What it starts with; empty for a value that stands alone after the extension's first words. */
  readonly says: string;
  /** The option without dashes. */
  readonly option: string;
  /** Default "token". */
  readonly takes?: Takes;
  /** The value may follow without a blank. */
  readonly glued?: boolean;
  /** The phrase itself says not: `!=`. */
  readonly inverted?: boolean;
  /** Turns the token, or nothing where it takes nothing, into the option's words; undefined when it is no such value. */
  readonly value?: (token: string, second?: string) => readonly string[] | undefined;
}

/** What stands right behind the text before it. libxt_bpf, libip6t_eui64. */
const GLUED: readonly string[] = ["match bpf ", "eui64 "];

/** A place in the text after a listed rule's columns. */
export class ListText {
  at: number;
  readonly line: string;
  /** The line's number, from 1. */
  readonly number: number;
  constructor(line: string, at: number, number: number) {
    this.line = line;
    this.at = at;
    this.number = number;
  }

  get done(): boolean {
    this.skipBlanks();
    return this.at >= this.line.length;
  }

  skipBlanks(): void {
    while (this.line[this.at] === " " || this.line[this.at] === "\t") this.at++;
  }

  /** Steps over the literal when it stands here; unless glued, a blank or the end must follow one that ends in a letter. */
  take(literal: string, glued = false): boolean {
    if (!this.line.startsWith(literal, this.at)) return false;
    const end = this.at + literal.length;
    if (!glued && isLetter(literal.at(-1)) && !this.endsAt(end)) return false;
    this.at = end;
    return true;
  }

  /** The characters up to the next blank. */
  token(): string {
    const start = this.at;
    if (!isBlankOrEnd(this.line[start])) this.at++;
    while (!this.endsAt(this.at)) this.at++;
    return this.line.slice(start, this.at);
  }

  /** Whether a word is over: at a blank, at the end, and before a text that iptables prints no blank before. */
  endsAt(at: number): boolean {
    return isBlankOrEnd(this.line[at]) || GLUED.some(text => this.line.startsWith(text, at));
  }

  /** A word whose place is from the given offset to here. */
  word(text: string, from: number): Word {
    return { text, column: from + 1, endColumn: this.at + 1, quoted: false };
  }
}

const isLetter = (char: string | undefined): boolean => char !== undefined && /[\w-]/.test(char);
const isBlankOrEnd = (char: string | undefined): boolean => char === undefined || char === " " || char === "\t";

/**
 * The phrases that stand here, as option words: each at most once and in their order, since that is how an extension prints them. Undefined
 * (and no step taken) where none stands. `not` says that a `!` stood before it all.
 */
export function readPhrases(text: ListText, phrases: readonly Phrase[], not = false): Word[] | undefined {
  const words: Word[] = [];
  let from = 0;
  for (;;) {
    text.skipBlanks();
    if (text.at >= text.line.length) break;
    const index = phrases.findIndex((phrase, i) => i >= from && readPhrase(text, phrase, not && words.length === 0, words));
    if (index < 0) break;
    from = index + 1;
  }
  return words.length ? words : undefined;
}

function readPhrase(text: ListText, phrase: Phrase, not: boolean, words: Word[]): boolean {
  const start = text.at;
  const failed = (): false => {
    text.at = start;
    return false;
  };
  let invert = not;
  if (phrase.says !== "" && text.take("! ")) {
    invert = !invert;
    text.skipBlanks();
  }
  if (!text.take(phrase.says, phrase.glued)) return failed();
  const named = text.word(`--${phrase.option}`, start);
  const values: Word[] = [];
  const takes = phrase.takes ?? "token";
  if (takes === "nothing") values.push(...(phrase.value?.("") ?? []).map(value => text.word(value, start)));
  else {
    text.skipBlanks();
    if (text.take("!")) {
      invert = !invert;
      text.skipBlanks();
    }
    const found = readValue(text, phrase, takes);
    if (!found) return failed();
    values.push(...found);
  }
  if (phrase.inverted) invert = !invert;
  if (invert) words.push({ ...named, text: "!" });
  words.push(named, ...values);
  return true;
}

function readValue(text: ListText, phrase: Phrase, takes: Takes): readonly Word[] | undefined {
  const from = text.at;
  if (takes === "saved word") return savedWord(text);
  const tokens = [text.token()];
  if (takes === "two tokens") {
    text.skipBlanks();
    tokens.push(text.token());
  }
  if (tokens.includes("")) return undefined;
  const values = phrase.value ? phrase.value(tokens[0] ?? "", tokens[1]) : tokens;
  return values?.map(value => text.word(value, from));
}

/** A word as iptables-save would quote it. */
function savedWord(text: ListText): readonly Word[] | undefined {
  try {
    const start = text.at;
    const word = wordsOf(text.line.slice(start, savedEnd(text)))[0];
    if (!word) return undefined;
    text.at = start + word.endColumn - 1;
    return [{ ...word, column: start + word.column, endColumn: start + word.endColumn }];
  } catch (fault) {
    if (fault instanceof UsageError) return undefined;
    throw fault;
  }
}

/** Where the quoted or plain word that starts here ends. */
function savedEnd(text: ListText): number {
  const { line, at } = text;
  let i = at;
  if (line[i] !== '"') {
    while (!text.endsAt(i)) i++;
    return i;
  }
  for (i++; i < line.length && line[i] !== '"'; i++) if (line[i] === "\\") i++;
  return i + 1;
}
