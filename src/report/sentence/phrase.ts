import { withArticle } from "./words.ts";

/** A piece of a sentence about traffic: the end of "that …", of "with …", or a whole "whose …". */
export interface Phrase {
  readonly slot: "that" | "with" | "whose";
  readonly text: string;
}

/** What is said of a field whose test succeeds, or where it must fail. */
export type Say = (value: string, no: boolean) => Phrase;

/** The end of "that …". */
export const that =
  (yes: (value: string) => string, no: (value: string) => string): Say =>
  (value, negated) => ({ slot: "that", text: negated ? no(value) : yes(value) });

/** `with mark 0x1`, `with a mark other than 0x1`. */
export const having =
  (name: string, other: string = name): Say =>
  (value, no) => ({ slot: "with", text: no ? `${withArticle(other)} other than ${value}` : `${name} ${value}` });
