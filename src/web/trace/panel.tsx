import { useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { JSX } from "preact";
import { printNotation, type PacketSpec } from "../../packet/index.ts";
import { printable } from "../../report/index.ts";
import { StepControls } from "../map/step-controls.tsx";
import { isNarrow } from "../state/actions.ts";
import { currentStep, goTo, isTracing, question, questionFaults, traced, type TracedQuestion } from "../state/traced.ts";
import { advice, watchAdvice } from "./advice.ts";
import { Builder } from "./builder.tsx";
import { NotationHelp } from "./notation-help.tsx";
import { Assumed, CopyButtons, Outcome } from "./outcome.tsx";
import { PacketCard } from "./packet-card.tsx";
import { QuestionInput } from "./question-input.tsx";
import { Sequence } from "./sequence.tsx";
import { specOfLine, withLine } from "./spec-edit.ts";
import { StepCard } from "./step-card.tsx";
import { StepList } from "./step-list.tsx";
import { Suggestions } from "./suggestion-list.tsx";
import "./trace.css";

/** Trace: a question about one packet or session, its answer, and every step of it. */
export function Panel(): JSX.Element {
  const line = useSignal(0);
  const questionsTurned = useSignal<boolean | undefined>(undefined);
  const builderTurned = useSignal<boolean | undefined>(undefined);
  const last = useRef<PacketSpec | undefined>(undefined);
  useEffect(watchAdvice, []);
  // A question that came from elsewhere may have fewer lines.
  const at = Math.min(line.value, question.value.split("\n").length - 1);
  const read = specOfLine(question.value, at);
  if (read) last.current = read;
  const spec = read ?? last.current ?? specOfLine(advice.value?.suggestions[0]?.text ?? FALLBACK, 0);
  const answer = traced.value;
  // Once there is an answer, it is what is looked at: the rest folds, unless somebody unfolds it.
  const suggesting = questionsTurned.value ?? !answer;
  const building = builderTurned.value ?? (!answer && !isNarrow.value);
  return (
    <div class="trace stack large">
      <section class="trace-ask stack" aria-label="The question">
        <QuestionInput line={line} />
        <div class="row">
          <Fold
            title={answer ? "Other questions" : "Questions that these rules suggest"}
            open={suggesting}
            controls="trace-suggestions"
            turned={questionsTurned}
          />
          <Fold title="Packet builder" open={building} controls="trace-builder" turned={builderTurned} />
          <NotationHelp />
          {isTracing.value ? <span class="busy" role="status" aria-label="tracing" /> : null}
        </div>
        {suggesting ? (
          <div id="trace-suggestions">
            <Suggestions
              chosen={() => {
                line.value = 0;
                questionsTurned.value = undefined;
              }}
            />
          </div>
        ) : null}
        {building && spec ? (
          // Who works in the builder wants it to stay when there is an answer.
          <div id="trace-builder" onFocusIn={() => (builderTurned.value = true)}>
            <Builder
              spec={spec}
              interfaces={advice.value?.interfaces ?? []}
              change={made => {
                question.value = withLine(question.value, at, printNotation(made));
              }}
            />
          </div>
        ) : null}
      </section>
      {answer ? <Answered /> : <Empty />}
    </div>
  );
}

function Fold(props: {
  readonly title: string;
  readonly open: boolean;
  readonly controls: string;
  readonly turned: Signal<boolean | undefined>;
}): JSX.Element {
  const { title, open, controls, turned } = props;
  return (
    <button
      type="button"
      class="button"
      aria-expanded={open}
      aria-controls={open ? controls : undefined}
      onClick={() => {
        turned.value = !open;
      }}
    >
      {title} <span aria-hidden="true">{open ? "▴" : "▾"}</span>
    </button>
  );
}

const FALLBACK = "session tcp 203.0.113.9 > 198.51.100.2:22 in eth0";

function Empty(): JSX.Element | null {
  if (question.value.trim() !== "" && questionFaults.value.length === 0) return null;
  return (
    <p class="notice">
      Ask about a packet or a session: choose a question above, fill in the builder, or write one in the packet notation. The answer shows
      every hook, table and rule on the way, and why each rule matched or did not.
    </p>
  );
}

function Answered(): JSX.Element | null {
  const answer = traced.value;
  if (!answer) return null;
  return (
    <>
      <section class="stack" aria-label="The answer">
        {questionFaults.value.length > 0 ? (
          <p class="notice warn">The question cannot be read as it stands: this is the answer to the one before.</p>
        ) : null}
        <Assumed answer={answer} />
        {answer.questions.map(asked => (
          <div key={asked.first} class="card">
            <div class="card-body stack">
              {answer.questions.length > 1 ? <Asked asked={asked} /> : null}
              <Outcome asked={asked} />
              {answer.questions.length > 1 && !asked.session ? null : <Sequence asked={asked} />}
            </div>
          </div>
        ))}
      </section>
      <PacketCard />
      <section class="stack" aria-label="Steps">
        <div class="row">
          <h2>Step by step</h2>
          <span class="spacer" />
          <CopyButtons />
        </div>
        <StepControls />
        <div class="trace-walk">
          <StepList />
          <StepCard />
        </div>
      </section>
    </>
  );
}

/** One of several questions; a click goes to its first step, as no diagram of one packet would say more than the answer does. */
function Asked({ asked }: { readonly asked: TracedQuestion }): JSX.Element {
  const first = traced.value?.packets[asked.first]?.first ?? 0;
  const packet = currentStep.value?.packet ?? -1;
  return (
    <button
      type="button"
      class="act rule-text trace-one"
      aria-current={asked.first <= packet && packet < asked.end ? "step" : undefined}
      onClick={() => goTo(first)}
    >
      {printable(asked.text)}
    </button>
  );
}
