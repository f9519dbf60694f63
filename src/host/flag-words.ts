import { faultAt, MAX_FAULTS, type HostFault } from "./fault.ts";

/** A word of a flag's text, with its place. */
export interface FlagWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The words of a flag's text, taken one by one; what is wrong is said with the place of the word. */
export class FlagWords {
  private readonly flag: string;
  private readonly source: string;
  private readonly faults: HostFault[];
  private readonly words: readonly FlagWord[];
  private next = 0;

  /** `separator` parts the words: blanks, or a comma. */
  constructor(flag: string, source: string, separator: " " | ",", faults: HostFault[], from = 0) {
    this.flag = flag;
    this.source = source;
    this.faults = faults;
    this.words = split(source, separator, from);
  }

  /** The next word; undefined at the end. */
  take(): FlagWord | undefined {
    return this.words[this.next++];
  }

  /** The next word without taking it. */
  peek(): FlagWord | undefined {
    return this.words[this.next];
  }

  /** The word that must follow `before`, read by `read`; `what` says what it should be: `an address`. */
  value<T>(before: FlagWord, what: string, read: (text: string) => T | undefined): T | undefined {
    const word = this.take();
    if (!word) return this.complain(before, `${before.text} needs ${what} after it`);
    return read(word.text) ?? this.complain(word, `"${word.text}" is not ${what}`);
  }

  complain({ start, end }: { readonly start: number; readonly end: number }, message: string): undefined {
    if (this.faults.length < MAX_FAULTS) this.faults.push(faultAt({ file: this.flag, text: this.source }, start, end, message));
    return undefined;
  }

  /** The whole text, for faults that no single word has. */
  get whole(): { readonly start: number; readonly end: number } {
    return { start: 0, end: this.source.length };
  }
}

function split(text: string, separator: " " | ",", from: number): readonly FlagWord[] {
  const words: FlagWord[] = [];
  for (const found of text.slice(from).matchAll(separator === "," ? /[^,]+/g : /\S+/g))
    words.push({ text: found[0], start: from + found.index, end: from + found.index + found[0].length });
  return words;
}
