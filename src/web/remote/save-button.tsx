import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PageText } from "../../report/serve/index.ts";
import { documents, isEdited, origin, shown } from "../state/documents.ts";
import { SaveAsForm } from "./save-as-form.tsx";
import { saveEdited } from "./save.ts";
import { link, tell } from "./state.ts";

/** Saves the texts to the server's files, as Ctrl-S does; nothing where there is no server. */
export function SaveButton(): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const asking = useSignal<PageText | undefined>(undefined);
  const { value: now } = link;
  const rooted = now.state !== "none" && now.workspace.root !== null;
  const isPlaced = documents.value[shown.value] === "" || origin.value.paths?.[shown.value] !== undefined;
  const save = (): void => {
    void (async () => {
      const { unplaced } = await saveEdited();
      const [first] = unplaced;
      if (first === undefined && isPlaced) return;
      if (!rooted) return tell("note", "Nothing can be saved: ferrule serve was started without --root.");
      asking.value = first === undefined || unplaced.includes(shown.value) ? shown.value : first;
      dialog.current?.showModal();
    })();
  };
  useEffect(() => {
    if (now.state === "none") return undefined;
    const pressed = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      save();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  });
  if (now.state === "none") return null;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={!rooted || (isPlaced && !isEdited.value)}
        onClick={save}
        title={rooted ? "Ctrl-S" : "ferrule serve was started without --root"}
      >
        Save
      </button>
      <dialog
        ref={dialog}
        class="dialog remote-dialog"
        aria-label="Save as"
        onClose={() => {
          asking.value = undefined;
        }}
      >
        {asking.value === undefined ? null : <SaveAsForm kind={asking.value} done={() => dialog.current?.close()} />}
      </dialog>
    </>
  );
}
