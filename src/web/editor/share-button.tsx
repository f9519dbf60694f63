import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { documents, origin } from "../state/documents.ts";
import { question } from "../state/traced.ts";
import { view } from "../state/view.ts";
import { writeLink } from "./share-link.ts";

/** Links longer than this are cut by some programs that people send them with. */
const LONG = 8000;

/** Copies a link that holds the texts themselves: who opens it needs nothing else, and nothing is uploaded. */
export function ShareButton(): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const link = useSignal("");
  const copied = useSignal(false);
  const share = async (): Promise<void> => {
    const contents = await writeLink({ name: origin.value.name, texts: documents.value, question: question.value.trim() });
    link.value = `${location.origin}${location.pathname}${location.search}#${contents}&view=${view.value}`;
    copied.value = await copy(link.value);
    element.current?.showModal();
  };
  const close = (): void => element.current?.close();
  const { length } = link.value;
  return (
    <>
      <button type="button" class="button" onClick={() => void share()}>
        Share
      </button>
      <dialog ref={element} class="dialog" aria-labelledby="share-title">
        <div class="stack">
          <h2 id="share-title">{copied.value ? "The link is copied" : "Copy this link"}</h2>
          <p>
            It is {length.toLocaleString("en-GB")} characters long and holds all texts that are open, packed, and what Trace is asked.
            Nothing was uploaded: the texts are in the link itself, so whoever has it has your rules.
          </p>
          {length > LONG ? (
            <p class="notice warn">
              Some programs cut links of more than a few thousand characters. Send the file itself where that happens.
            </p>
          ) : null}
          <div class="field">
            <label for="share-link">Link</label>
            <input id="share-link" class="input mono" readOnly value={link.value} onFocus={event => event.currentTarget.select()} />
          </div>
          <div class="row">
            <button
              type="button"
              class="button"
              onClick={() => {
                void copy(link.value).then(done => {
                  copied.value = done;
                });
              }}
            >
              Copy
            </button>
            <button type="button" class="button" onClick={close}>
              Close
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
