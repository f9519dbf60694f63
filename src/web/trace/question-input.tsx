import { useSignal, type Signal } from "@preact/signals";
import type { JSX, TargetedEvent } from "preact";
import { FaultyText, withGuess } from "../controls/faulty-text.tsx";
import { printable } from "../../report/index.ts";
import { question, questionFaults, type QuestionFault } from "../state/traced.ts";
import { readQuestions } from "./questions.ts";

/** The question in the packet notation, what is wrong in it underlined. `line` is where the cursor stands. */
export function QuestionInput({ line }: { readonly line: Signal<number> }): JSX.Element {
  const touched = useSignal(false);
  const text = question.value;
  const local = readQuestions(text).faults;
  const faults = text.trim() === "" ? [] : local.length > 0 ? local : questionFaults.value;
  const follow = (event: TargetedEvent<HTMLTextAreaElement>): void => {
    const { value, selectionStart } = event.currentTarget;
    line.value = value.slice(0, selectionStart).split("\n").length - 1;
  };
  return (
    <div class="field">
      <label for="trace-question">Packet or session, in the packet notation; several lines are sent one after the other</label>
      <div class="trace-notation">
        <div class="trace-backdrop" aria-hidden="true">
          <FaultyText text={text} faults={faults} />
          {"\n"}
        </div>
        <textarea
          id="trace-question"
          class="input"
          value={text}
          placeholder="session tcp 203.0.113.9 > 198.51.100.2:22 in eth0"
          spellcheck={false}
          autocapitalize="off"
          aria-invalid={touched.value && faults.length > 0}
          aria-describedby="trace-faults"
          onInput={event => {
            touched.value = true;
            question.value = event.currentTarget.value;
            follow(event);
          }}
          onKeyUp={follow}
          onClick={follow}
        />
      </div>
      <div id="trace-faults" role="status">
        {faults.length === 0 ? null : (
          <ul class="trace-faults">
            {faults.slice(0, FAULTS_SHOWN).map(fault => (
              <Fault key={`${fault.start} ${fault.message}`} fault={fault} text={text} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

const FAULTS_SHOWN = 4;

function Fault({ fault, text }: { readonly fault: QuestionFault; readonly text: string }): JSX.Element {
  const { message, start, guess } = fault;
  const before = text.slice(0, start).split("\n");
  const where = text.includes("\n") ? `line ${before.length}: ` : "";
  return (
    <li>
      <span class="badge drop" aria-hidden="true">
        ✕
      </span>{" "}
      <span class="from-rules">
        {where}
        {printable(message)}
      </span>
      {guess === undefined ? null : (
        <>
          {" "}
          <button
            type="button"
            class="act"
            onClick={() => {
              question.value = withGuess(text, fault, guess);
            }}
          >
            write <code>{printable(guess)}</code>
          </button>
        </>
      )}
    </li>
  );
}
