import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { NO_DOCUMENTS } from "../state/documents.ts";
import { rulesWork } from "../work/workers.ts";
import { attached } from "./state.ts";

/** Files that assertions compare with and that the page does not have: each can be attached. */
export function Missing({ names }: { readonly names: readonly string[] }): JSX.Element | null {
  const fault = useSignal("");
  if (names.length === 0) return null;
  const attach = async (name: string, file: File): Promise<void> => {
    const taken = await rulesWork().takeText(file.name, await file.text());
    if ("refused" in taken) fault.value = `${file.name} was not attached: ${taken.refused}.`;
    else {
      fault.value = "";
      attached.value = new Map([...attached.value, [name, { ...NO_DOCUMENTS, ...taken.texts }]]);
    }
  };
  return (
    <div class="notice warn stack">
      <p>Some assertions compare with files that this page does not have:</p>
      <ul class="tests-missing">
        {names.map(name => (
          <li key={name} class="row">
            <code class="from-rules">{printable(name)}</code>
            <label class="button tests-attach">
              Attach it…
              <input
                type="file"
                class="visually-hidden"
                aria-label={`Attach ${name}`}
                onChange={event => {
                  const [file] = event.currentTarget.files ?? [];
                  event.currentTarget.value = "";
                  if (file) attach(name, file).catch((thrown: unknown) => (fault.value = String(thrown)));
                }}
              />
            </label>
          </li>
        ))}
      </ul>
      <p class="small soft">
        Without a file: <code>as opened</code> stands for the texts before they were edited, <code>rules.v4</code> and <code>rules.v6</code>{" "}
        for one of them as it is now.
      </p>
      {fault.value !== "" && <p role="alert">{printable(fault.value)}</p>}
    </div>
  );
}
