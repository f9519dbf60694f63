import { isNotationFault, parseNotation, type PacketSpec } from "../../packet/index.ts";
import type { QuestionFault } from "../state/traced.ts";

/** One line of a question: a packet, or the session that it opens. */
export interface Asked {
  readonly spec: PacketSpec;
  /** The line's own words. */
  readonly text: string;
  /** From 0. */
  readonly line: number;
  /** Where the line starts in the whole text. */
  readonly start: number;
}

/** More lines than these are not played. */
const QUESTIONS_MAX = 20;

/** Reads a question, one packet or session to a line; empty lines do not count. Offsets of faults are in the whole text. */
export function readQuestions(text: string): { readonly asked: readonly Asked[]; readonly faults: readonly QuestionFault[] } {
  const asked: Asked[] = [];
  const faults: QuestionFault[] = [];
  let start = 0;
  for (const [line, words] of text.split("\n").entries()) {
    if (words.trim() !== "") {
      const spec = parseNotation(words);
      if (asked.length + faults.length >= QUESTIONS_MAX) {
        faults.push(faultOf({ text: words, start }, `at most ${QUESTIONS_MAX} packets are traced at once`));
        break;
      }
      if (isNotationFault(spec))
        faults.push({ message: spec.message, start: start + spec.start, end: start + spec.end, guess: spec.guess });
      else asked.push({ spec, text: words, line, start });
    }
    start += words.length + 1;
  }
  return { asked, faults };
}

/** A fault of one of the line's words, or of the whole line. */
export function faultOf({ text, start }: Pick<Asked, "text" | "start">, message: string, word?: string): QuestionFault {
  const found = word === undefined ? -1 : ` ${text} `.indexOf(` ${word} `);
  const from = found < 0 ? text.length - text.trimStart().length : found;
  const end = found < 0 || word === undefined ? text.trimEnd().length : found + word.length;
  return { message, start: start + from, end: start + end, guess: undefined };
}
