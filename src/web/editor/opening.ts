import { batch } from "@preact/signals";
import { NO_DOCUMENTS, openDocuments } from "../state/documents.ts";
import { question } from "../state/traced.ts";
import { isView, view } from "../state/view.ts";
import { printable } from "../../report/index.ts";
import { takeDrops, takePastes } from "./drops.ts";
import { note } from "./note.ts";
import { keepUnsaved, restoreUnsaved } from "./session.ts";
import { readLink } from "./share-link.ts";
import { openFiles, openPasted } from "./taking.ts";
import { openFirstExample } from "../examples/index.ts";
import { reasonOf } from "../work/reason.ts";

/** Opens what the page's address holds, else what was unsaved when it was closed, else an example. */
export async function openFirst(): Promise<void> {
  if (!(await openLink()) && !restoreUnsaved()) await openFirstExample("nat-gateway");
}

/** From now on takes what is dropped on the page, follows links that are put into its address, and keeps what is unsaved. */
export function startOpening(): void {
  takeDrops(openFiles);
  takePastes({ files: openFiles, text: openPasted });
  addEventListener("hashchange", () => void openLink());
  keepUnsaved();
}

/** Opens the share link in the page's address, and takes it out of there: what is edited from now on is not what it says. */
async function openLink(): Promise<boolean> {
  try {
    const shared = await readLink(location.hash);
    if (shared === undefined) return false;
    const panel = new URLSearchParams(location.hash.slice(1)).get("view") ?? undefined;
    batch(() => {
      openDocuments(shared.texts, { name: printable(shared.name), readOnly: undefined });
      if (shared.question !== undefined) question.value = shared.question;
      if (isView(panel)) view.value = panel;
    });
    note.value = undefined;
    history.replaceState(null, "", `${location.pathname}${location.search}`);
    return true;
  } catch (fault) {
    note.value = { tone: "fault", lines: [`The link could not be opened: ${reasonOf(fault)}.`] };
    return false;
  }
}

/** Begins with nothing. */
export function openEmpty(): void {
  openDocuments(NO_DOCUMENTS, { name: "untitled", readOnly: undefined });
  note.value = undefined;
}
