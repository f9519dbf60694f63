import { closest } from "../../packet/index.ts";
import type { QuestionFault } from "./question.ts";
import type { Word } from "./words.ts";

/** A fault on its way out of the reader; callers of the public functions get it as a value. */
export class Stop extends Error {
  readonly fault: QuestionFault;
  constructor(fault: QuestionFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** The words of a text, read one after the other. */
export class Reader {
  private at = 0;
  private readonly words: readonly Word[];
  private readonly end: number;

  constructor(words: readonly Word[], end: number) {
    this.words = words;
    this.end = end;
  }

  peek(ahead = 0): Word | undefined {
    return this.words[this.at + ahead];
  }

  /** The next word; a fault where there is none. */
  take(wanted: string): Word {
    const word = this.words[this.at];
    if (word === undefined) throw new Stop({ message: `${wanted} is missing`, start: this.end, end: this.end });
    this.at++;
    return word;
  }

  /** Is the next word this one, and not in quotes? In any case of letters. */
  sees(text: string, ahead = 0): boolean {
    const word = this.peek(ahead);
    return word !== undefined && !word.quoted && word.text.toLowerCase() === text;
  }

  /** Takes the next word if it is this one. */
  accept(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at++;
    return true;
  }

  /** Stops with a fault at a word. */
  refuse(word: Word | undefined, message: string, guess?: string): never {
    throw new Stop({ message, start: word?.start ?? this.end, end: word?.end ?? this.end, ...(guess !== undefined && { guess }) });
  }

  /** Stops with a fault at a word, with the nearest of the candidates as a guess. */
  refuseUnknown(word: Word, message: string, candidates: readonly string[]): never {
    return this.refuse(word, message, closest(word.text, candidates));
  }
}

/** What the function reads, or the fault that it stops with. */
export function reading<T>(read: () => T): T | QuestionFault {
  try {
    return read();
  } catch (stop) {
    if (stop instanceof Stop) return stop.fault;
    throw stop;
  }
}

/** A user's word in a message, cut at 40 characters. */
export const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
