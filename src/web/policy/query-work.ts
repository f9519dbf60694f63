import { ask, isQuestionFault, readQuestion, type AnswerPart, type QuestionFault, type Verdict } from "../../analysis/query/index.ts";
import { HALF_WORDS, PATH_WORDS, queryInWords, witnessText, wordsFor } from "../../report/index.ts";
import type { RulePointer } from "../../analysis/index.ts";
import type { Documents } from "../state/documents.ts";
import { readFirewall } from "../work/firewall.ts";

/** Some of those that were asked about, in words. */
export interface PartView {
  readonly fate: AnswerPart["fate"];
  /** `from 10.0.0.0/8, to port 22`; empty for all. */
  readonly which: readonly string[];
  /** `IPv4, to this machine` */
  readonly where: string;
  readonly depends: readonly string[];
  /** Why a half-open session is no more than that; empty otherwise. */
  readonly fails: string;
  readonly witness: string | undefined;
  /** Why the engine did not show it; empty when it did; undefined when it was not asked. */
  readonly doubt: string | undefined;
  readonly decidedBy: readonly RulePointer[];
}

/** An answer in words. */
export interface AnswerView {
  /** In canonical words. */
  readonly question: string;
  readonly verdict: Verdict;
  readonly because: string;
  readonly parts: readonly PartView[];
  readonly complete: boolean;
  readonly assumptions: readonly string[];
  /** It is about this machine, which nobody described, and rules lead packets to others: port forwards are not in it. */
  readonly lacksForwards: boolean;
}

/** The answer, or what is wrong with the question: one of the two. */
export interface Answered {
  readonly fault: QuestionFault | undefined;
  readonly answer: AnswerView | undefined;
}

/** Parts of an answer that are told. */
const PARTS = { can: 30, cannot: 12 };

/** Can they? A question in the notation, asked of the texts. `now` in µs since the epoch. */
export function answerOf(texts: Documents, question: string, now: number): Answered {
  const read = readQuestion(question);
  if (isQuestionFault(read)) return { fault: read, answer: undefined };
  const { v4, v6, sets, host } = readFirewall(texts, now);
  const answered = ask(read, { v4, v6, sets, host, limits: PARTS });
  if (isQuestionFault(answered)) return { fault: answered, answer: undefined };
  const { question: asked, verdict, because, parts, complete, assumptions, lacksForwards } = queryInWords(answered, wordsFor([v4, v6]));
  return {
    fault: undefined,
    answer: { question: asked, verdict, because, parts: parts.map(partView), complete, assumptions, lacksForwards },
  };
}

const partView = ({ fate, family, path, which, certainty, role, witness, confirmation, decidedBy }: AnswerPart): PartView => ({
  fate,
  which,
  where: `IPv${family}, ${PATH_WORDS[path]}`,
  depends: certainty.sure ? [] : certainty.depends,
  fails: fate === "half-open" && role ? HALF_WORDS[role] : "",
  witness: witness && witnessText(witness),
  doubt: confirmation && (confirmation.confirmed ? "" : confirmation.reason),
  decidedBy,
});
