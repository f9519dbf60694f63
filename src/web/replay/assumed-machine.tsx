import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { PanelLink } from "../controls/panel-link.tsx";
import { printable } from "../../report/index.ts";
import { edit, origin } from "../state/documents.ts";

/** What was guessed about the machine, and how to make it sure. */
export function AssumedMachine(props: { readonly assumed: readonly string[]; readonly machine: string | undefined }): JSX.Element | null {
  const { assumed, machine } = props;
  const taken = useSignal(false);
  if (machine === undefined || assumed.length === 0) return null;
  return (
    <details class="notice">
      <summary>Nothing is known of the machine, so it was guessed from the capture.</summary>
      <ul class="replay-list">
        {assumed.map(sentence => (
          <li key={sentence} class="from-rules">
            {printable(sentence)}
          </li>
        ))}
      </ul>
      <div class="row">
        <button
          type="button"
          class="button"
          disabled={origin.value.readOnly !== undefined || taken.value}
          onClick={() => {
            taken.value = true;
            edit("host", machine);
          }}
        >
          Take it for the machine
        </button>
        <PanelLink to="host">Describe the machine in Host</PanelLink>
      </div>
    </details>
  );
}
