import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { note } from "./note.ts";

/** What the editor has to tell, until it is put away. */
export function NoteStrip(): JSX.Element {
  const told = note.value;
  return (
    <div role="status">
      {told === undefined ? null : (
        <div class={`notice editor-note ${told.tone === "note" ? "" : told.tone}`}>
          <div class="from-rules">
            {told.lines.map(line => (
              <p key={line}>{printable(line)}</p>
            ))}
            {told.action ? (
              <button
                type="button"
                class="button"
                onClick={() => {
                  note.value = undefined;
                  told.action?.act();
                }}
              >
                {told.action.label}
              </button>
            ) : null}
          </div>
          <button
            type="button"
            class="button plain"
            aria-label="Put this message away"
            onClick={() => {
              note.value = undefined;
            }}
          >
            ✕
          </button>
        </div>
      )}
    </div>
  );
}
