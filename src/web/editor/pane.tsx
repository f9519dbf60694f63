import type { JSX } from "preact";
import { documents, edit, shown } from "../state/documents.ts";

export function EditorPane(): JSX.Element {
  return (
    <textarea
      class="input"
      aria-label="Rules"
      value={documents.value[shown.value]}
      onInput={event => edit(shown.value, event.currentTarget.value)}
    />
  );
}
