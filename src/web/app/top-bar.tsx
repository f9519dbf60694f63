import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { printable } from "../../report/index.ts";
import { isEdited, origin } from "../state/documents.ts";
import { OpenMenu } from "../editor/open-menu.tsx";
import { ShareButton } from "../editor/share-button.tsx";
import { FilesButton } from "../remote/files-button.tsx";
import { SaveButton } from "../remote/save-button.tsx";

type Theme = "system" | "light" | "dark";

const NEXT: Readonly<Record<Theme, Theme>> = { system: "dark", dark: "light", light: "system" };

/** Name, documents, sharing and colours. */
export function TopBar(): JSX.Element {
  const theme = useSignal<Theme>("system");
  const turn = (): void => {
    theme.value = NEXT[theme.value];
    if (theme.value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme.value;
  };
  const { name, readOnly } = origin.value;
  return (
    <header class="topbar">
      <h1 class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M6 12h20v8H6z" fill="#2f6f5e" />
          <path d="M9 4h14l3 8H6z" fill="#7fb5a3" />
          <path d="M6 20h20l-3 8H9z" fill="#1d4a3e" />
        </svg>
        Ferrule
      </h1>
      <span class="document-name from-rules" title={printable(readOnly ?? name)}>
        {printable(name)}
        {isEdited.value ? " (edited)" : ""}
        {readOnly === undefined ? "" : " (read-only)"}
      </span>
      <span class="spacer" />
      <FilesButton />
      <SaveButton />
      <OpenMenu />
      <ShareButton />
      <button type="button" class="button plain wide-only" onClick={turn} title="Light, dark, or as the system is">
        {theme.value === "system" ? "Colours: system" : theme.value === "dark" ? "Colours: dark" : "Colours: light"}
      </button>
    </header>
  );
}
