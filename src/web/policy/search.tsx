import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { documents } from "../state/documents.ts";
import { inPage } from "../work/page-words.ts";
import { AnswerCard } from "./answer-card.tsx";
import { QuestionHelp } from "./question-help.tsx";
import { QuestionLine } from "./question-line.tsx";
import { cancelSearch, searching, searchText } from "./search-state.ts";

/** Who can reach whom? A question in the notation or in loose words, and its answer. */
export function Search(): JSX.Element {
  const helps = useSignal(false);
  const { answer, read } = searching();
  const { state, value, fault } = answer.answer.value;
  const understood = searchText.value.trim() === "" ? undefined : read.answer.value.value;
  return (
    <section class="stack policy-ask" aria-label="Search">
      <QuestionLine fault={understood?.translated ? undefined : understood?.fault} />
      {understood?.translated ? (
        <p class="small">
          Understood as <code class="rule-text">{marked(understood.question, understood.fault)}</code>
        </p>
      ) : null}
      {understood?.fault ? (
        <p class="small policy-fault" id="policy-question-fault">
          <span class="badge drop">✕ {understood.translated ? "not understood" : "fault"}</span>{" "}
          <span class="from-rules">{printable(inPage(understood.fault.message))}</span>
          {understood.fault.guess === undefined ? null : (
            <>
              {"; "}
              <button
                type="button"
                class="act from-rules"
                onClick={() => {
                  const { question, fault: wrong } = understood;
                  if (wrong?.guess !== undefined)
                    searchText.value = `${question.slice(0, wrong.start)}${gap(question, wrong.start)}${wrong.guess}${question.slice(wrong.end)}`;
                }}
              >
                write “{printable(understood.fault.guess)}”
              </button>
            </>
          )}
        </p>
      ) : null}
      <div>
        <button
          type="button"
          class="act small"
          aria-expanded={helps.value}
          onClick={() => {
            helps.value = !helps.value;
          }}
        >
          How to ask
        </button>
      </div>
      {helps.value ? <QuestionHelp /> : null}
      <div role="status" class="stack policy-status">
        {state === "asking" ? (
          <p class="row">
            <span class="busy" aria-hidden="true" /> Looking at all packets that the question is about …
            <button type="button" class="button policy-small" onClick={cancelSearch}>
              Stop
            </button>
          </p>
        ) : null}
        {state === "failed" ? (
          <p class="notice fault">
            {fault === "stopped" ? "You stopped the search." : `The question could not be answered: ${printable(fault)}.`}{" "}
            <button type="button" class="button policy-small" onClick={answer.again}>
              Ask again
            </button>
          </p>
        ) : null}
        {value === undefined ? null : <AnswerCard of={value.answered} asked={value.question} stale={value.texts !== documents.value} />}
      </div>
    </section>
  );
}

/** A blank before what is written at the end of a word. */
const gap = (text: string, at: number): string => (at > 0 && at === text.length && !text.endsWith(" ") ? " " : "");

/** A question, its fault underlined. */
function marked(text: string, fault: { readonly start: number; readonly end: number } | undefined): JSX.Element {
  if (!fault || fault.start >= fault.end) return <>{printable(text)}</>;
  return (
    <>
      {printable(text.slice(0, fault.start))}
      <mark class="policy-wrong">{printable(text.slice(fault.start, fault.end))}</mark>
      {printable(text.slice(fault.end))}
    </>
  );
}
