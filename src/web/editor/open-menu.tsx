import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { typedInto } from "../controls/typed-into.ts";
import { EXAMPLES, openExample } from "../examples/index.ts";
import { isEdited, origin } from "../state/documents.ts";
import { note } from "./note.ts";
import { openEmpty } from "./opening.ts";
import { openFiles, openPasted } from "./taking.ts";

/** Opens files, pasted text or an example. */
export function OpenMenu(): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const pasted = useSignal("");
  const close = (): void => element.current?.close();
  const pick = (files: FileList | null): void => {
    close();
    void openFiles([...(files ?? [])]);
    if (picker.current) picker.current.value = "";
  };
  const paste = (): void => {
    close();
    void openPasted(pasted.value).then(done => {
      if (done) pasted.value = "";
    });
  };
  const example = (id: string): void => {
    close();
    note.value = undefined;
    openExample(id).catch(() => {
      note.value = { tone: "fault", lines: ["The example could not be loaded. Is the page's server still there?"] };
    });
  };
  return (
    <>
      <button type="button" class="button" aria-haspopup="dialog" onClick={() => element.current?.showModal()}>
        Open
      </button>
      <dialog ref={element} class="dialog open-dialog" aria-labelledby="open-title">
        <div class="stack large">
          <h2 id="open-title">Open rules</h2>
          {isEdited.value && origin.value.paths === undefined ? (
            <p class="notice warn">What you have changed is replaced when you open something else. Share gives you a link to keep it.</p>
          ) : null}
          <section class="stack" aria-label="Files">
            <div class="row">
              <button type="button" class="button primary" onClick={() => picker.current?.click()}>
                Choose files …
              </button>
              <span class="soft small">or drop them anywhere on the page</span>
            </div>
            <p class="soft small">
              Rules from iptables-save, iptables -S or iptables -L -v -n (ip6tables too; one file may hold both), iptables commands, sets
              from ipset save, a machine from ferrule host or ip -j addr, a capture (.pcap, .pcapng). Nothing leaves this page.
            </p>
            <input ref={picker} type="file" multiple hidden onChange={event => pick(event.currentTarget.files)} />
          </section>
          <section class="stack" aria-label="Paste">
            <div class="field">
              <label for="open-paste">Paste rules</label>
              <textarea id="open-paste" class="input" rows={4} spellcheck={false} placeholder="*filter …" {...typedInto(pasted)} />
            </div>
            <div class="row">
              <button type="button" class="button" disabled={pasted.value.trim() === ""} onClick={paste}>
                Open what is pasted
              </button>
            </div>
          </section>
          <section class="stack" aria-label="Examples">
            <h3>Examples</h3>
            <ul class="open-examples">
              {EXAMPLES.map(({ id, title, about }) => (
                <li key={id}>
                  <button type="button" class="act" onClick={() => example(id)}>
                    {title}
                  </button>
                  <span class="soft small">{about}</span>
                </li>
              ))}
            </ul>
          </section>
          <div class="row">
            <button
              type="button"
              class="button"
              onClick={() => {
                close();
                openEmpty();
              }}
            >
              Begin with nothing
            </button>
            <button type="button" class="button" onClick={close}>
              Cancel
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
