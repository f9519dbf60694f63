import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { showLine } from "../state/actions.ts";
import { documents, edit } from "../state/documents.ts";
import { reading } from "../state/reading.ts";

/** What is wrong with the machine's text, each with its place. */
export function HostFaults(): JSX.Element | null {
  const faults = reading.value?.faults.filter(({ document }) => document === "host") ?? [];
  if (faults.length === 0 || documents.value.host.trim() === "") return null;
  return (
    <div class="notice fault" role="alert">
      <p>The text of the machine cannot be read, so it does not count until it is mended:</p>
      <ul class="host-list">
        {faults.slice(0, 20).map(({ line, column, message }) => (
          <li key={`${line}:${column} ${message}`}>
            <button type="button" class="act" onClick={() => showLine("host", line)}>
              line {line}, column {column}
            </button>
            : <span class="from-rules">{printable(message)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The machine as text, for those who know the format. */
export function HostText({ fixed, text }: { readonly fixed: boolean; readonly text: string }): JSX.Element {
  return (
    <details class="host-text">
      <summary>The text (host file, JSON)</summary>
      <div class="stack">
        <textarea
          class="input"
          rows={16}
          aria-label="Host file"
          value={documents.value.host === "" ? text : documents.value.host}
          readOnly={fixed}
          spellcheck={false}
          onInput={event => edit("host", event.currentTarget.value)}
        />
        <div class="row">
          <button type="button" class="button" onClick={() => showLine("host", 1)}>
            Open in the editor
          </button>
          {fixed || documents.value.host === "" ? null : (
            <button type="button" class="button" onClick={() => edit("host", "")}>
              Forget the machine
            </button>
          )}
        </div>
      </div>
    </details>
  );
}
