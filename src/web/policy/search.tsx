import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { FaultyText, withGuess } from "../controls/faulty-text.tsx";
import { printable } from "../../report/index.ts";
import { documents } from "../state/documents.ts";
import { inPage } from "../work/page-words.ts";
import { AnswerCard } from "./answer-card.tsx";
import { QuestionHelp } from "./question-help.tsx";
import { QuestionLine } from "./question-line.tsx";
import { stopSearch, searching, searchText } from "./search-state.ts";

/** Who can reach whom? A question in the notation or in loose words, and its answer. */
export function Search(): JSX.Element {
  const helps = useSignal(false);
  const { answer, read } = searching();
  const { state, value, fault } = answer.answer.value;
  const understood = searchText.value.trim() === "" ? undefined : read.answer.value.value;
  return (
    <section class="stack policy-ask" aria-label="Search">
      <QuestionLine fault={understood?.translated ? undefined : understood?.fault}>
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
      </QuestionLine>
      {understood?.translated ? (
        <p class="small">
          Understood as{" "}
          <code class="rule-text">
            <FaultyText text={understood.question} faults={understood.fault ? [understood.fault] : []} escape={printable} />
          </code>
        </p>
      ) : null}
      {understood?.fault ? (
        <p class="small" id="policy-question-fault">
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
                  if (wrong?.guess !== undefined) searchText.value = withGuess(question, wrong, wrong.guess);
                }}
              >
                write “{printable(understood.fault.guess)}”
              </button>
            </>
          )}
        </p>
      ) : null}
      {helps.value ? <QuestionHelp /> : null}
      <div role="status" class="stack status">
        {state === "asking" ? (
          <p class="row">
            <span class="busy" aria-hidden="true" /> Looking at all packets that the question is about …
            <button type="button" class="button small" onClick={stopSearch}>
              Stop
            </button>
          </p>
        ) : null}
        {state === "failed" || state === "stopped" ? (
          <p class="notice fault">
            {state === "stopped" ? "You stopped the search." : `The question could not be answered: ${printable(fault)}.`}{" "}
            <button type="button" class="button small" onClick={answer.again}>
              Ask again
            </button>
          </p>
        ) : null}
        {value === undefined ? null : <AnswerCard of={value.answered} asked={value.question} stale={value.texts !== documents.value} />}
      </div>
    </section>
  );
}
