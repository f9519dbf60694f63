import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { typedInto } from "../controls/typed-into.ts";
import type { PageText } from "../../report/serve/index.ts";
import { origin } from "../state/documents.ts";
import { saveAs } from "./save.ts";

const WORDS: Readonly<Record<PageText, string>> = {
  rules4: "IPv4 rules",
  rules6: "IPv6 rules",
  sets: "ipsets",
  host: "host file",
};

const ENDINGS: Readonly<Record<PageText, string>> = { rules4: ".v4", rules6: ".v6", sets: ".ipset", host: ".json" };

/** Asks for the path under the root that a text is saved to. */
export function SaveAsForm({ kind, done }: { readonly kind: PageText; readonly done: () => void }): JSX.Element {
  const path = useSignal(suggestion(origin.value.name, kind));
  const busy = useSignal(false);
  const save = (event: Event): void => {
    event.preventDefault();
    busy.value = true;
    void saveAs(kind, path.value.trim()).finally(() => {
      busy.value = false;
      done();
    });
  };
  return (
    <form class="stack" onSubmit={save}>
      <h2>Save the {WORDS[kind]}</h2>
      <div class="field">
        <label for="remote-path">Path in the folder of the server</label>
        <input id="remote-path" class="input" required autoComplete="off" spellcheck={false} {...typedInto(path)} />
      </div>
      <p class="label">A new file; one that is there is not overwritten without asking.</p>
      <div class="row">
        <button type="submit" class="button primary" disabled={busy.value}>
          Save
        </button>
        <button type="button" class="button" onClick={done}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** A name for a new file, from what the firewall is called. */
function suggestion(name: string, kind: PageText): string {
  const plain = name
    .replace(/\.(?:rules|sh|v4|v6|save|txt)$/, "")
    .replaceAll(/[^\w.-]+/g, "-")
    .replace(/^[.-]+|-+$/g, "");
  return `${plain === "" ? "firewall" : plain}${ENDINGS[kind]}`;
}
