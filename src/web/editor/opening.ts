import { documents, NO_DOCUMENTS, openDocuments, origin, type Documents } from "../state/documents.ts";
import { droppedCapture } from "../state/dropped.ts";
import { view } from "../state/view.ts";
import { rulesWork } from "../work/workers.ts";
import { isCapture } from "./capture-file.ts";
import { note } from "./note.ts";
import { keepUnsaved, restoreUnsaved } from "./session.ts";
import { readLink } from "./share-link.ts";
import { openScriptText } from "../remote/opening.ts";
import { link } from "../remote/state.ts";
import { openExample } from "../examples/index.ts";

/** Opens what the page's address holds, else what was unsaved when it was closed, else an example. */
export async function openFirst(): Promise<void> {
  if (!(await openLink()) && !restoreUnsaved()) await openExample("nat-gateway");
}

/** From now on takes what is dropped on the page, follows links that are put into its address, and keeps what is unsaved. */
export function startOpening(): void {
  takeDrops();
  takePastes();
  addEventListener("hashchange", () => void openLink());
  keepUnsaved();
}

/** Opens the share link in the page's address, and takes it out of there: what is edited from now on is not what it says. */
async function openLink(): Promise<boolean> {
  try {
    const shared = await readLink(location.hash);
    if (shared === undefined) return false;
    openDocuments(shared.texts, { name: shared.name, readOnly: undefined });
    history.replaceState(null, "", `${location.pathname}${location.search}`);
    return true;
  } catch (fault) {
    note.value = { tone: "fault", lines: [`The link could not be opened: ${fault instanceof Error ? fault.message : String(fault)}.`] };
    return false;
  }
}

/** Text files longer than this are refused: the page would be busy with them for minutes. */
const FILE_MAX = 100_000_000;

/** Opens files: captures go to Replay, texts become the page's, each where it belongs; what they do not hold stays as it is. */
export async function openFiles(files: readonly File[]): Promise<void> {
  let texts: Partial<Documents> = {};
  const names: string[] = [];
  const lines: string[] = [];
  let failed = false;
  let script: { readonly name: string; readonly text: string } | undefined;
  for (const file of files) {
    if (await isCapture(file)) {
      droppedCapture.value = file;
      view.value = "replay";
      continue;
    }
    const taken =
      file.size > FILE_MAX
        ? { refused: `it is larger than ${FILE_MAX / 1_000_000} MB` }
        : await rulesWork().takeText(file.name, await file.text());
    if ("refused" in taken) {
      failed = true;
      lines.push(`${file.name} was not opened: ${taken.refused}.`);
      if (taken.script && link.value.state === "open") script = { name: file.name, text: await file.text() };
      continue;
    }
    texts = { ...texts, ...taken.texts };
    names.push(file.name);
    lines.push(...taken.notes.map(each => `${file.name}: ${each}`));
  }
  openTaken(texts, names.join(" and "));
  const run = script;
  const action = run && { label: `Run ${run.name} in the server's sandbox`, act: () => void openScriptText(run) };
  note.value = lines.length === 0 ? undefined : { tone: failed ? "fault" : "note", lines, ...(action && { action }) };
}

/** Opens a text that was pasted. False where it was none; the note says why. */
export async function openPasted(text: string): Promise<boolean> {
  const taken = await rulesWork().takeText("", text);
  if ("refused" in taken) {
    note.value = { tone: "fault", lines: [`What was pasted was not opened: ${taken.refused}.`] };
    return false;
  }
  openTaken(taken.texts, "pasted rules");
  note.value = taken.notes.length === 0 ? undefined : { tone: "note", lines: taken.notes };
  return true;
}

/** Rules begin a new firewall; sets and a machine without rules join the one that is open. */
function openTaken(texts: Partial<Documents>, name: string): void {
  if (Object.keys(texts).length === 0) return;
  if (texts.rules4 !== undefined || texts.rules6 !== undefined) openDocuments(texts, { name, readOnly: undefined });
  else if (origin.value.readOnly === undefined) documents.value = { ...documents.value, ...texts };
  else openDocuments({ ...documents.value, ...texts }, origin.value);
}

/** Begins with nothing. */
export function openEmpty(): void {
  openDocuments(NO_DOCUMENTS, { name: "untitled", readOnly: undefined });
  note.value = undefined;
}

/** What is pasted where nothing takes text is opened. */
function takePastes(): void {
  addEventListener("paste", event => {
    const [at] = event.composedPath();
    if (at instanceof HTMLElement && (at.isContentEditable || at.closest("input, textarea, [contenteditable], dialog[open]"))) return;
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (files.length > 0) void openFiles(files);
    else if (text.trim() !== "") void openPasted(text);
  });
}

/** Whatever is dropped anywhere on the page is opened; the editor would take a file's bytes for text otherwise. */
function takeDrops(): void {
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener(
    "dragover",
    event => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      document.documentElement.dataset["dragging"] = "";
    },
    { capture: true },
  );
  const over = (): void => {
    delete document.documentElement.dataset["dragging"];
  };
  addEventListener("dragleave", event => event.relatedTarget === null && over(), { capture: true });
  addEventListener("dragend", over, { capture: true });
  addEventListener(
    "drop",
    event => {
      over();
      if (!holdsFiles(event)) return;
      // A panel that takes files of its own kind says so.
      if (event.target instanceof Element && event.target.closest("[data-takes-files]")) return;
      event.preventDefault();
      event.stopPropagation();
      void openFiles([...(event.dataTransfer?.files ?? [])]);
    },
    { capture: true },
  );
}
