import type { Phrase } from "./read-list-text.ts";
import type { Word } from "./words.ts";

/** How one match extension shows itself in a listing. */
export interface MatchText {
  /** The name that -m takes. */
  readonly match: string;
  /** What it always starts with. */
  readonly head?: string;
  readonly phrases: readonly Phrase[];
  /** The head may stand without any phrase. */
  readonly alone?: boolean;
  /** The protocol that the rule must have, which tells such a text from a comment's words. */
  readonly protocol?: number;
  /** Adds what the text leaves out. */
  readonly complete?: (words: readonly Word[], add: (word: string) => Word) => readonly Word[];
  /** What a rule can say and the text does not, as a sentence for the reader. */
  readonly loses?: string;
}

/** A text that stands for an option without a value. */
export const flag = (says: string, option: string = says): Phrase => ({ says, option, takes: "nothing" });
/** A text that an option's value follows. */
export const one = (says: string, option: string = says): Phrase => ({ says, option });
/** The same where no blank needs to stand between. */
export const glued = (says: string, option: string): Phrase => ({ says, option, glued: true });
/** An option that is listed under its own name. */
export const same = (word: string): Phrase => one(word);
/** Source and destination ports. */
export const ports: readonly Phrase[] = [one("spts:", "sport"), one("spt:", "sport"), one("dpts:", "dport"), one("dpt:", "dport")];
