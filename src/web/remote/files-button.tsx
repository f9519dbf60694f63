import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { FilesPanel } from "./files-panel.tsx";
import { MessageStrip } from "./message-strip.tsx";
import { link } from "./state.ts";
import "./remote.css";

/** Opens the list of what the server has; nothing where there is no server. */
export function FilesButton(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = useSignal(false);
  const open = (): void => {
    isOpen.value = true;
    dialog.current?.showModal();
  };
  return (
    <>
      {link.value.state === "none" ? null : (
        <button type="button" class="button" aria-haspopup="dialog" onClick={open}>
          Files
        </button>
      )}
      <dialog
        ref={dialog}
        class="dialog remote-dialog"
        aria-label="Files of the server"
        onClose={() => {
          isOpen.value = false;
        }}
      >
        {isOpen.value ? <FilesPanel close={() => dialog.current?.close()} /> : null}
      </dialog>
      <MessageStrip />
    </>
  );
}
