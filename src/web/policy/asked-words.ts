import { isQuestionFault, readQuestion, type QuestionFault } from "../../analysis/question/index.ts";
import { notationOf } from "./loose.ts";

/** A question as it was understood. */
export interface ReadAsked {
  /** In the notation. */
  readonly question: string;
  /** It was asked in other words. */
  readonly translated: boolean;
  /** What is wrong in `question`, and where. */
  readonly fault: QuestionFault | undefined;
}

/** How the words of a question are understood, where a firewall has these interfaces. */
export function readAsked(text: string, interfaces: readonly string[]): ReadAsked {
  const { question, translated } = notationOf(text, interfaces);
  const read = readQuestion(question);
  return { question, translated, fault: isQuestionFault(read) ? read : undefined };
}
