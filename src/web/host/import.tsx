import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { JSX } from "preact";
import { typedInto } from "../controls/typed-into.ts";
import { printable } from "../../report/index.ts";
import { takeIn } from "./machine.ts";

/** Larger files are no description of a machine. */
const BYTES_MAX = 8_000_000;

/** Takes in what commands on the machine print: pasted, picked or dropped. */
export function Import(): JSX.Element {
  const text = useSignal("");
  const said = useSignal<{ readonly good: boolean; readonly words: string } | undefined>(undefined);
  const picker = useRef<HTMLInputElement>(null);
  const take = async (given: string, name = ""): Promise<void> => {
    const answer = await takeIn(given);
    const from = name === "" ? "" : `${name}: `;
    if ("fault" in answer) {
      said.value = { good: false, words: `${from}line ${answer.line}, column ${answer.column}: ${answer.fault}` };
      return;
    }
    said.value = { good: true, words: `${from}took ${answer.taken}` };
    text.value = "";
  };
  const takeFiles = async (files: Iterable<File>): Promise<void> => {
    for (const file of files)
      if (file.size > BYTES_MAX) said.value = { good: false, words: `${file.name} is larger than ${BYTES_MAX / 1e6} MB` };
      else await take(await file.text(), file.name);
  };
  return (
    <section
      class="stack host-import"
      data-takes-files
      aria-labelledby="host-import"
      onDragOver={event => event.preventDefault()}
      onDrop={event => {
        event.preventDefault();
        event.stopPropagation();
        if (event.dataTransfer) void takeFiles([...event.dataTransfer.files]);
      }}
    >
      <h2 id="host-import">Take it from the machine</h2>
      <p class="soft">
        Paste or drop what these print there, one after the other or all at once: <code>ferrule host</code>, or <code>ip -j addr</code>,{" "}
        <code>ip -j route show table all</code>, <code>ip -j rule</code>, <code>sysctl -a</code>; and <code>ipset save</code> for the sets
        that rules ask.
      </p>
      <textarea
        class="input"
        rows={4}
        aria-label="What a command printed"
        placeholder='[{"ifname":"eth0", …'
        {...typedInto(text)}
        spellcheck={false}
      />
      <div class="row">
        <button type="button" class="button primary" disabled={text.value.trim() === ""} onClick={() => void take(text.value)}>
          Take it in
        </button>
        <button type="button" class="button" onClick={() => picker.current?.click()}>
          From files …
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          class="visually-hidden"
          tabIndex={-1}
          aria-label="Files that describe the machine"
          onChange={event => {
            const { files } = event.currentTarget;
            if (files) void takeFiles([...files]);
            event.currentTarget.value = "";
          }}
        />
        <span role="status" class="from-rules">
          {said.value === undefined ? "" : `${said.value.good ? "✓" : "✕"} ${printable(said.value.words)}`}
        </span>
      </div>
    </section>
  );
}
