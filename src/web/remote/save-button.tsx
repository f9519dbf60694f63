import { computed, useSignal, type ReadonlySignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { PageText } from "../../report/serve/index.ts";
import { documents, isEdited, origin, shown } from "../state/documents.ts";
import { SaveAsForm } from "./save-as-form.tsx";
import { saveEdited } from "./save.ts";
import { link, tell } from "./state.ts";

/** Has the server a folder to save to? */
const isRooted: ReadonlySignal<boolean> = computed(() => link.value.state !== "none" && link.value.workspace.root !== null);

/** Is the text that is shown empty, or has it a file already? */
const isPlaced: ReadonlySignal<boolean> = computed(
  () => documents.value[shown.value] === "" || origin.value.paths?.[shown.value] !== undefined,
);

/** Saves the texts to the server's files, as Ctrl-S does; nothing where there is no server. */
export function SaveButton(): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const asking = useSignal<PageText | undefined>(undefined);
  const save = async (): Promise<void> => {
    const { unplaced } = await saveEdited();
    const [first] = unplaced;
    if (first === undefined && isPlaced.value) return;
    if (!isRooted.value) return tell("note", "Nothing can be saved: ferrule serve was started without --root.");
    asking.value = first === undefined || unplaced.includes(shown.value) ? shown.value : first;
    dialog.current?.showModal();
  };
  const isThere = link.value.state !== "none";
  useLayoutEffect(() => {
    if (!isThere) return undefined;
    const pressed = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      void save();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [isThere]);
  if (!isThere) return null;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={!isRooted.value || (isPlaced.value && !isEdited.value)}
        onClick={() => void save()}
        title={isRooted.value ? "Ctrl-S" : "ferrule serve was started without --root"}
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
