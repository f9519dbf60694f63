import "./findings.css";
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Finding } from "../../analysis/index.ts";
import { ReportLines } from "../controls/report-lines.tsx";
import { printable } from "../../report/index.ts";
import { showLine } from "../state/actions.ts";
import { documents, origin, rulesOf, type Documents } from "../state/documents.ts";
import { fixing } from "../state/findings.ts";
import { Stopped } from "../work/desk.ts";
import { analysisDesk } from "../work/workers.ts";
import type { FixPreview } from "./fix.ts";
import { reasonOf } from "../work/reason.ts";

const desk = analysisDesk();

/** A fix before it is carried out: the lines that it changes, and what that opens and closes. */
export function FixDialog(): JSX.Element | null {
  const list = fixing.value;
  const [first] = list ?? [];
  return list === undefined || first === undefined ? null : (
    <Preview key={`${list.length} ${first.code} ${first.at.line}`} list={list} first={first} />
  );
}

function Preview({ list, first }: { readonly list: readonly Finding[]; readonly first: Finding }): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const preview = useSignal<{ readonly of: Documents; readonly is: FixPreview } | undefined>(undefined);
  const fault = useSignal("");
  // Before anything is drawn: keys that are pressed at once are meant for it.
  useLayoutEffect(() => {
    element.current?.showModal();
    const texts = documents.peek();
    desk
      .ask(work => work.previewFix(texts, list))
      .then(
        is => {
          preview.value = { of: texts, is };
        },
        (thrown: unknown) => {
          if (!(thrown instanceof Stopped)) fault.value = reasonOf(thrown);
        },
      );
    return () => desk.stop();
  }, []);
  const close = (): void => {
    fixing.value = undefined;
  };
  const apply = (): void => {
    const made = preview.value;
    close();
    if (!made || made.of !== documents.value || origin.value.readOnly !== undefined) return;
    documents.value = made.is.texts;
    const line = made.is.edits.find(({ sign }) => sign === "+")?.line ?? made.is.edits[0]?.line;
    if (line !== undefined) showLine(rulesOf(first.family), line);
  };
  const made = preview.value;
  const isOld = made !== undefined && made.of !== documents.value;
  const { readOnly } = origin.value;
  return (
    <dialog ref={element} class="dialog" aria-labelledby="fix-title" onClose={close}>
      <div class="stack large">
        <h2 id="fix-title" class="from-rules">
          {list.length === 1 ? `${first.code}: ${printable(first.fix?.about ?? "")}` : `${list.length} fixes together`}
        </h2>
        {fault.value === "" ? null : <p class="notice fault from-rules">This cannot be carried out: {printable(fault.value)}.</p>}
        {made === undefined ? (
          fault.value === "" ? (
            <p class="row soft" role="status">
              <span class="busy" aria-hidden="true" />
              Carrying it out on a copy, and comparing all packets and sessions …
            </p>
          ) : null
        ) : (
          <>
            <section class="stack" aria-label="Changed lines">
              <h3>Lines</h3>
              <Edits edits={made.is.edits} />
              {made.is.left === 0 ? null : (
                <p class="soft small">
                  {made.is.left === 1 ? "1 fix is" : `${made.is.left} fixes are`} left out, because another one changes the same rule: look
                  again afterwards.
                </p>
              )}
            </section>
            <section class="stack" aria-label="What that changes">
              <h3>What that changes, for all packets and sessions</h3>
              <ReportLines label="The difference" lines={made.is.diff} />
            </section>
          </>
        )}
        {readOnly === undefined ? null : <p class="notice warn from-rules">The rules are read-only: {printable(readOnly)}.</p>}
        {isOld ? <p class="notice warn">The rules have changed meanwhile. Close this and look at the fix again.</p> : null}
        <div class="row">
          <button type="button" class="button primary" disabled={made === undefined || isOld || readOnly !== undefined} onClick={apply}>
            Change the rules
          </button>
          <button type="button" class="button" onClick={close}>
            Leave them as they are
          </button>
          {made === undefined ? null : <span class="soft small">Undo in the editor takes it back.</span>}
        </div>
      </div>
    </dialog>
  );
}

const EDITS_SHOWN = 40;

function Edits({ edits }: { readonly edits: FixPreview["edits"] }): JSX.Element {
  return (
    <>
      <ul class="fix-edits">
        {edits.slice(0, EDITS_SHOWN).map(({ sign, line, text }, index) => (
          <li key={index} class={sign === "-" ? "gone" : "come"}>
            <span class="fix-sign">{sign === "-" ? "−" : "+"}</span>
            <span class="visually-hidden">{sign === "-" ? "goes: " : "comes: "}</span>
            <span class="faint small">{line}</span>
            <code class="rule-text">{printable(text)}</code>
          </li>
        ))}
      </ul>
      {edits.length > EDITS_SHOWN ? <p class="soft small">and {edits.length - EDITS_SHOWN} more lines</p> : null}
    </>
  );
}
