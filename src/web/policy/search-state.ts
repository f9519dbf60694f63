import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { documents, type Documents } from "../state/documents.ts";
import { whileShown } from "../state/while-shown.ts";
import { asking, type Asking } from "../work/answer.ts";
import { analysisDesk, rulesWork } from "../work/workers.ts";
import type { ReadAsked } from "./asked-words.ts";
import type { Answered } from "./query-work.ts";
import type { QuestionWords } from "./question-words.ts";

/** The words of the question, as they are typed. */
export const searchText: Signal<string> = signal("");
/** The question that was asked, in the notation; empty before one was. */
const askedQuestion: Signal<string> = signal("");

interface Asked {
  readonly texts: Documents;
  readonly question: string;
}

const desk = analysisDesk();

const shownTexts = whileShown("policy", () => documents.value);

const asked: ReadonlySignal<Asked | undefined> = computed(() => {
  const [texts, question] = [shownTexts.value, askedQuestion.value];
  return texts === undefined || question === "" ? undefined : { texts, question };
});

/** An answer and what it is of. */
export interface SearchAnswer extends Asked {
  readonly answered: Answered;
}

/** The three things that are asked of workers for a search. */
export interface Searching {
  readonly answer: Asking<SearchAnswer>;
  readonly read: Asking<ReadAsked>;
  readonly words: Asking<QuestionWords>;
}

let started: Searching | undefined;

/** Asks once, whichever panels come and go. */
export function searching(): Searching {
  started ??= {
    answer: asking(() => asked.value, askIt, 0),
    read: asking(
      () => searchText.value.trim() || undefined,
      text => rulesWork().readAsked(text, interfaces()),
      100,
    ),
    words: asking(
      () => shownTexts.value,
      texts => rulesWork().questionWords(texts),
    ),
  };
  return started;
}

const interfaces = (): readonly string[] => started?.words.answer.peek().value?.interfaces ?? [];

async function askIt({ texts, question }: Asked): Promise<SearchAnswer> {
  return { texts, question, answered: await desk.ask(work => work.query(texts, question)) };
}

/** Gives the search up. */
export function stopSearch(): void {
  desk.stop();
}

/** Asks in the words that are typed; what is wrong in them is told instead. */
export async function askTyped(): Promise<void> {
  const text = searchText.value.trim();
  if (text === "") {
    askedQuestion.value = "";
    return;
  }
  const { question, fault } = await rulesWork().readAsked(text, interfaces());
  // The answer to another question must not stand under one that was not understood.
  if (searchText.value.trim() === text) askedQuestion.value = fault === undefined ? question : "";
}
